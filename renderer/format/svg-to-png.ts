/** Longest side of a picture, in pixels, and the most pixels of it, that Chromium's canvas takes everywhere. */
const maxSide = 16_384;
const maxPixels = 134_217_728;

/**
 * How much larger than on screen a picture is drawn: twice, so that it stays sharp in print, and less where it would be
 * too large for a canvas.
 */
export function pngScale(width: number, height: number): number {
  return Math.min(2, maxSide / Math.max(width, height, 1), Math.sqrt(maxPixels / Math.max(width * height, 1)));
}

/**
 * An SVG picture as a PNG file, on white. The picture is one of ours: without anything from elsewhere, so the canvas
 * may be read.
 */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = pngScale(image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.floor(image.naturalHeight * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('there is no canvas to draw on');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the picture is too large for a PNG file');
  return new Uint8Array(await blob.arrayBuffer());
}
