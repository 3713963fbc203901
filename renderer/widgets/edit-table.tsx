import { type DragEvent, type ReactNode, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface TableProps {
  readonly label: string;
  /** A column each: its title, '' none, and where need be what explains it. */
  readonly heads: readonly (string | { readonly title: string; readonly hint: string })[];
  readonly children: ReactNode;
}

/** A table whose lines are edited in place, and scrolls by itself. */
export function EditTable({ label, heads, children }: TableProps): ReactNode {
  return (
    <div className="edit-table-box">
      <table className="edit-table" aria-label={label}>
        <thead>
          <tr>
            {heads.map((head, place) => {
              const { title, hint } = typeof head === 'string' ? { title: head, hint: undefined } : head;
              return (
                <th key={title === '' ? place : title} scope="col" title={hint}>
                  {title}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface LineDrag {
  /** What a line that is dropped upon listens with. */
  readonly line: Required<Pick<React.DOMAttributes<HTMLElement>, 'onDragOver' | 'onDragLeave' | 'onDrop'>>;
  /** Another line would be dropped here. */
  readonly isOver: boolean;
  readonly grip: ReactNode;
}

/**
 * Lines that change places by dragging.
 * @param kind of the lines: those of another table are not taken
 * @param id of this line, which the line it is dropped upon is told
 */
export function useLineDrag(kind: string, id: string, onDropped: (id: string) => void): LineDrag {
  const [isOver, setOver] = useState(false);
  const type = `application/x-handshark-${kind}`;
  const isOurs = (event: DragEvent): boolean => event.dataTransfer.types.includes(type);
  return {
    isOver,
    line: {
      onDragOver: (event) => {
        if (!isOurs(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        if (isOurs(event)) onDropped(event.dataTransfer.getData(type));
      },
    },
    grip: (
      <span
        className="grip"
        draggable
        aria-hidden="true"
        onDragStart={(event) => {
          event.dataTransfer.setData(type, id);
          event.dataTransfer.effectAllowed = 'move';
        }}
      >
        <Icon name="grip" size={14} />
      </span>
    ),
  };
}

interface ButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button at the end of a line. */
export function LineButton({ icon, label, disabled = false, onClick }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={13} />
    </button>
  );
}
