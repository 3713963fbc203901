import { expect, test } from 'playwright/test';
import { launchApp, screenshot } from '../support/electron-app.ts';

test('the application starts with one window, isolated from Node, and complains about nothing', async () => {
  const { app, page, complaints, close } = await launchApp();
  try {
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(await app.evaluate(({ app }) => app.getName())).toBe('handshark');
    await expect(page).toHaveTitle(/Handshark/);
    const reach = await page.evaluate(() => ({
      node: 'require' in globalThis || 'process' in globalThis,
      backend: Object.keys(Reflect.get(globalThis, 'backend') ?? {}).sort(),
    }));
    expect(reach).toEqual({ node: false, backend: ['on', 'pathForFile', 'request'] });
    await screenshot(page, 'start');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('the page can load nothing from the network', async () => {
  const { page, close } = await launchApp();
  try {
    const refused = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        (error: Error) => error.message,
      ),
    );
    expect(refused).toContain('Failed to fetch');
    const violation = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          });
          void fetch('http://127.0.0.1:9/').catch(() => undefined);
        }),
    );
    expect(violation).toBe('connect-src');
  } finally {
    await close();
  }
});
