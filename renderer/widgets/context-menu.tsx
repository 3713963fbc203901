import {
  autoUpdate,
  FloatingFocusManager,
  FloatingNode,
  FloatingTree,
  flip,
  offset,
  type Placement,
  type ReferenceType,
  safePolygon,
  shift,
  size,
  useDismiss,
  useFloating,
  useFloatingNodeId,
  useFloatingParentNodeId,
  useHover,
  useInteractions,
  useListNavigation,
  useTypeahead,
} from '@floating-ui/react';
import {
  createContext,
  type HTMLProps,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Icon } from './icon.tsx';

export interface MenuEntry {
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  /** A line above it: here another group begins. */
  readonly separated?: boolean;
  readonly run?: () => void;
  /** In place of `run`: the entries of a menu beside it. */
  readonly items?: readonly MenuEntry[];
}

interface Props {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly items: readonly MenuEntry[];
  readonly onClose: () => void;
}

/** Pixels between a menu and the window's edge. */
const edge = 4;
/** Milliseconds that the pointer rests on an entry before its menu opens. */
const restMs = 60;

/** Closes the whole tree of menus. */
const CloseAll = createContext<() => void>(() => undefined);

/**
 * A menu at a point of the window. Arrow keys, Home, End and the first letters of an entry go through it, Enter or
 * Space choose; → opens the menu of an entry, ← and Escape close it; Escape, Tab or a click elsewhere close the whole
 * and give the focus back.
 */
export function ContextMenu({ onClose, ...rest }: Props): ReactNode {
  // Before anything in the menu takes it.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  useEffect(() => {
    window.addEventListener('blur', onClose);
    window.addEventListener('resize', onClose);
    return () => {
      window.removeEventListener('blur', onClose);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose]);
  return (
    <CloseAll value={onClose}>
      <FloatingTree>
        <AtPoint {...rest} />
      </FloatingTree>
    </CloseAll>
  );
}

function AtPoint({ label, x, y, items }: Omit<Props, 'onClose'>): ReactNode {
  const closeAll = useContext(CloseAll);
  const level = useLevel(items, true, closeAll, 'bottom-start');
  const { setPositionReference } = level.refs;
  useLayoutEffect(() => {
    const at = { x, y, left: x, right: x, top: y, bottom: y, width: 0, height: 0 };
    setPositionReference({ getBoundingClientRect: () => at });
  }, [x, y, setPositionReference]);
  return <Entries label={label} items={items} level={level} />;
}

type Level = ReturnType<typeof useLevel>;

/** One menu: where it stands, and which of its entries has the keyboard. */
function useLevel(
  items: readonly MenuEntry[],
  open: boolean,
  close: () => void,
  placement: Placement,
  onOpen?: () => void,
) {
  const nodeId = useFloatingNodeId();
  const isNested = useFloatingParentNodeId() !== null;
  const first = items.findIndex((item) => item.disabled !== true);
  const [active, setActive] = useState<number | null>(isNested || first < 0 ? null : first);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const labels = useRef<(string | null)[]>([]);
  labels.current = items.map((item) => item.label);
  const { refs, floatingStyles, context } = useFloating<ReferenceType>({
    nodeId,
    open,
    onOpenChange: (opens) => {
      if (opens) onOpen?.();
      else close();
    },
    placement,
    strategy: 'fixed',
    // A transform would make the menu the block that a menu inside of it is placed in, and cut off by.
    transform: false,
    middleware: [
      offset(isNested ? { mainAxis: 2, alignmentAxis: -6 } : 0),
      flip({ padding: edge }),
      shift({ padding: edge }),
      size({
        padding: edge,
        apply: ({ availableHeight, elements: { floating } }) => {
          floating.style.maxHeight = `${Math.max(120, availableHeight)}px`;
        },
      }),
    ],
    whileElementsMounted: autoUpdate,
  });
  const isTyping = useRef(false);
  const { getReferenceProps, getFloatingProps, getItemProps } = useInteractions([
    useHover(context, {
      enabled: isNested,
      delay: { open: restMs },
      handleClose: safePolygon({ blockPointerEvents: true }),
    }),
    useDismiss(context),
    useListNavigation(context, {
      listRef: elements,
      activeIndex: active,
      onNavigate: setActive,
      nested: isNested,
      loop: true,
      disabledIndices: [],
      focusItemOnOpen: isNested ? 'auto' : true,
    }),
    useTypeahead(context, {
      listRef: labels,
      activeIndex: active,
      onMatch: open ? setActive : () => undefined,
      onTypingChange: (typing) => {
        isTyping.current = typing;
      },
    }),
  ]);
  return {
    nodeId,
    active,
    setActive,
    elements,
    isTyping,
    refs,
    floatingStyles,
    context,
    getReferenceProps,
    getFloatingProps,
    getItemProps,
  };
}

function Entries({
  label,
  items,
  level,
}: {
  readonly label: string;
  readonly items: readonly MenuEntry[];
  readonly level: Level;
}): ReactNode {
  const closeAll = useContext(CloseAll);
  const { active, setActive, elements, isTyping } = level;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Home') setActive(0);
    else if (event.key === 'End') setActive(items.length - 1);
    else if (event.key === 'Tab') closeAll();
    // The space of a name that is being typed is no choice.
    else if (event.key === 'Enter' || (event.key === ' ' && !isTyping.current)) elements.current[active ?? -1]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <FloatingNode id={level.nodeId}>
      <FloatingFocusManager context={level.context} modal={false} initialFocus={-1} returnFocus={false}>
        <div
          ref={level.refs.setFloating}
          className="menu"
          style={level.floatingStyles}
          {...level.getFloatingProps({ onKeyDown, onContextMenu: (event) => event.preventDefault() })}
          role="menu"
          aria-label={label}
        >
          {items.map((item, i) => {
            const own = {
              tabIndex: active === i ? 0 : -1,
              ...level.getItemProps({
                onClick: () => {
                  if (item.disabled === true || item.items !== undefined) return;
                  closeAll();
                  item.run?.();
                },
              }),
            };
            const keep = (element: HTMLElement | null): void => {
              elements.current[i] = element;
            };
            return item.items === undefined || item.disabled === true ? (
              <Entry key={item.label} item={item} keep={keep} own={own} />
            ) : (
              <Opener key={item.label} item={item} items={item.items} keep={keep} own={own} />
            );
          })}
        </div>
      </FloatingFocusManager>
    </FloatingNode>
  );
}

interface EntryProps {
  readonly item: MenuEntry;
  readonly keep: (element: HTMLElement | null) => void;
  readonly own: HTMLProps<HTMLElement>;
}

function Entry({ item, keep, own }: EntryProps): ReactNode {
  return (
    <div
      {...(own as HTMLProps<HTMLDivElement>)}
      ref={keep}
      role="menuitem"
      aria-disabled={item.disabled === true}
      aria-haspopup={item.items === undefined ? undefined : 'menu'}
      className={classOf(item)}
    >
      <span>{item.label}</span>
      {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
      {item.items !== undefined && <Icon name="chevronRight" size={12} />}
    </div>
  );
}

/** An entry with a menu beside it. */
function Opener({ item, items, keep, own }: EntryProps & { readonly items: readonly MenuEntry[] }): ReactNode {
  const [open, setOpen] = useState(false);
  const level = useLevel(
    items,
    open,
    () => setOpen(false),
    'right-start',
    () => setOpen(true),
  );
  const { setReference } = level.refs;
  return (
    <>
      <div
        {...(level.getReferenceProps({ ...own, onClick: () => setOpen(true) }) as HTMLProps<HTMLDivElement>)}
        ref={(element) => {
          keep(element);
          setReference(element);
        }}
        role="menuitem"
        aria-disabled={false}
        aria-haspopup="menu"
        aria-expanded={open}
        className={classOf(item)}
      >
        <span>{item.label}</span>
        <Icon name="chevronRight" size={12} />
      </div>
      {open && <Entries label={item.label} items={items} level={level} />}
    </>
  );
}

const classOf = (item: MenuEntry): string => (item.separated === true ? 'menu-item menu-separated' : 'menu-item');
