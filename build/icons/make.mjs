/**
 * `node build/icons/make.mjs`: every icon from icon.svg. They are committed, so that packaging needs neither this nor
 * librsvg (`rsvg-convert`, Debian: librsvg2-bin). An .ico and an .icns are little more than PNGs behind a table of
 * contents.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** Pixels of the icons that a Linux desktop looks for, under /usr/share/icons/hicolor. */
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's names of sizes; those ending in 11 to 14 are for screens of twice the density. */
const appleTypes = {
  icp4: 16,
  icp5: 32,
  icp6: 64,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic10: 1024,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
};

const drawn = new Map();

function png(size) {
  if (!drawn.has(size)) {
    const { status, stdout, error } = spawnSync('rsvg-convert', ['-w', size, '-h', size, join(folder, 'icon.svg')], {
      maxBuffer: 1 << 26,
    });
    if (error !== undefined || status !== 0) throw error ?? new Error(`rsvg-convert ended with ${status}`);
    drawn.set(size, stdout);
  }
  return drawn.get(size);
}

/**
 * Little-endian: reserved, kind (1 icon), count; then 16 bytes for each: width, height (0 means 256), colours,
 * reserved, planes, bits, length, offset.
 */
function ico(sizes) {
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  sizes.forEach((size, i) => {
    const at = 6 + 16 * i;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png(size).length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png(size).length;
  });
  return Buffer.concat([head, ...sizes.map(png)]);
}

/** Big-endian: a type of four letters and the length with these eight bytes, for the whole and for each picture. */
function icns(types) {
  const chunk = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return chunk('icns', Buffer.concat(Object.entries(types).map(([type, size]) => chunk(type, png(size)))));
}

mkdirSync(join(folder, 'sizes'), { recursive: true });
for (const size of linuxSizes) writeFileSync(join(folder, 'sizes', `${size}x${size}.png`), png(size));
writeFileSync(join(folder, 'icon.png'), png(512));
writeFileSync(join(folder, 'icon.ico'), ico(windowsSizes));
writeFileSync(join(folder, 'icon.icns'), icns(appleTypes));
