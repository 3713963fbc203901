import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { countText } from '../../../shared/format/quantity.ts';
import { maxCommentBytes, maxCommentsPerPacket } from '../../../shared/model/annotations.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { Icon } from '../../widgets/icon.tsx';

/** All comments of one packet, to be written. */
export function CommentsDialog(): ReactNode {
  const commented = useApp((s) => s.commented);
  return commented === null ? null : <Comments key={commented.row} row={commented.row} texts={commented.texts} />;
}

function Comments({ row, texts: before }: { readonly row: number; readonly texts: readonly string[] }): ReactNode {
  const t = useTranslate();
  const show = useApp((s) => s.showDialog);
  const setComments = useApp((s) => s.setComments);
  const [texts, setTexts] = useState<readonly string[]>(before.length === 0 ? [''] : before);
  const sizes = texts.map((text) => (text.length * 3 <= maxCommentBytes ? 0 : utf8Bytes(text).length));
  const tooLong = sizes.find((size) => size > maxCommentBytes);
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    if (tooLong !== undefined) return;
    show(null);
    setComments(
      row,
      texts.filter((text) => text !== ''),
    );
  };
  return (
    <Dialog
      title={t('comments.title', { number: countText(row + 1) })}
      closeLabel={t('dialog.close')}
      onClose={() => show(null)}
    >
      <form className="comments" onSubmit={submit}>
        {texts.map((text, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: comments have no identity but their place
          <div key={i} className="comment-line">
            <textarea
              rows={3}
              aria-label={t('comments.label', { number: i + 1 })}
              maxLength={maxCommentBytes}
              value={text}
              onChange={(event) => setTexts(texts.with(i, event.target.value.replaceAll('\0', '')))}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.ctrlKey) submit(event);
              }}
            />
            <button
              type="button"
              className="icon-button"
              aria-label={t('comments.remove', { number: i + 1 })}
              onClick={() => setTexts(texts.length > 1 ? texts.toSpliced(i, 1) : [''])}
            >
              <Icon name="close" size={13} />
            </button>
          </div>
        ))}
        <p className={tooLong === undefined ? 'dim' : 'goto-wrong'} role={tooLong === undefined ? undefined : 'alert'}>
          {tooLong === undefined ? t('comments.hint') : t('comments.tooLong', { size: countText(tooLong) })}
        </p>
        <footer className="dialog-actions">
          <button
            type="button"
            className="button"
            disabled={texts.length >= maxCommentsPerPacket}
            onClick={() => setTexts([...texts, ''])}
          >
            {t('comments.add')}
          </button>
          <button type="submit" className="button button-primary" disabled={tooLong !== undefined}>
            {t('comments.save')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
