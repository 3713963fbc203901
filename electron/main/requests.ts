import { app, clipboard } from 'electron';
import { fail } from '../../shared/model/result.ts';
import { bootInfo } from './boot-info.ts';
import { importText } from './import-text.ts';
import type { WindowHandlers } from './ipc.ts';
import type { Parts } from './parts.ts';
import { unpacked } from './paths.ts';
import { samplePath } from './samples.ts';
import { saveExport } from './save-export.ts';

/**
 * Who answers what the page asks of window, files and captures: one line per request. What it asks of packets goes to
 * the decoding thread as it is.
 */
export function requestHandlers(parts: Parts): WindowHandlers {
  const { page, captures, preferences, live } = parts;
  return {
    'app:boot': () => {
      page.ready();
      return bootInfo(preferences, captures);
    },
    'settings:update': (patch) => preferences.change(patch),
    'capture:choose-file': () => {
      const { t } = preferences;
      const captureFiles = {
        name: t('dialog.open.captures'),
        extensions: ['pcap', 'pcapng', 'cap', 'dmp', 'gz', 'zst'],
      };
      return page.chooseFile({
        title: t('dialog.open.title'),
        filters: [captureFiles, { name: t('dialog.open.all'), extensions: ['*'] }],
      });
    },
    'capture:open-file': (path) => captures.open(path),
    'capture:open-sample': (id) => {
      const path = samplePath(unpacked(app.getAppPath()), id);
      return path === null ? fail({ code: 'not-found', path: id }) : captures.open(path, false);
    },
    'capture:reload': () => captures.reload(),
    'capture:close': () => captures.close(),
    'recent:remove': (path) => preferences.forgetRecent(path),
    'import:text': () => (page.window === null ? null : importText(page.window)),
    'capture:save': (captureId, as, choice) => (captures.info?.captureId === captureId ? parts.save(as, choice) : null),
    'export:save': (suggestedName, content) =>
      page.window === null ? null : saveExport(page.window, suggestedName, content),
    'clipboard:write': (text) => clipboard.writeText(text),
    'live:devices': () => live.devices(),
    'live:check-filter': (filter) => live.checkFilter(filter),
    'live:start': (request, asking) => live.start(request, asking),
    'live:pipe': async () => {
      const path = await page.chooseFile({ title: preferences.t('live.pipe.title') });
      return path === null ? null : live.pipe(path);
    },
    'live:restart': () => live.restart(),
    'live:stop': () => live.stop(),
    'live:site': (request) => live.site(request),
    'live:lab': (id) => live.lab(id),
    'live:advice': () => live.advice(),
    'live:unsaved': () => live.unsaved(),
    'live:recover': (name) => live.recover(name),
    'live:discard': (name) => live.discard(name),
  };
}
