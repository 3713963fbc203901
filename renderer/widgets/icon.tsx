import type { ReactNode } from 'react';

/** Outlines on a 16 px square, drawn with the colour of the text. */
const shapes = {
  open: 'M1.8 12.6V3.4c0-.5.4-.9.9-.9h3.2l1.5 1.8h5c.5 0 .9.4.9.9v1.3M1.8 12.6l1.7-5.2c.1-.4.5-.6.9-.6h9c.6 0 1 .6.8 1.2l-1.5 4.6c-.1.4-.5.6-.9.6H2.5c-.4 0-.7-.3-.7-.6Z',
  close: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1',
  moon: 'M13.3 9.7A5.8 5.8 0 0 1 6.3 2.7a5.8 5.8 0 1 0 7 7Z',
  check: 'M3.5 8.4l3 3 6-6.6',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  warn: 'M8 4v5M8 11.6v.4',
  info: 'M8 7v5M8 4v.4',
  unknown: 'M5.9 6.1c0-1.2.9-2 2.1-2s2.1.8 2.1 1.9c0 1.5-2.1 1.6-2.1 3.2M8 11.8v.2',
  chevronRight: 'M6 4l4 4-4 4',
  chevronDown: 'M4 6l4 4 4-4',
  filter: 'M2.2 3.5h11.6M4.5 8h7M6.8 12.5h2.4',
  link: 'M6.5 9.5l6-6M8 3.5h4.5V8',
  file: 'M4 1.8h5l3 3v9.4H4zM9 1.8v3h3',
  play: 'M5 3.2l8 4.8-8 4.8Z',
  pause: 'M5.6 3.5v9M10.4 3.5v9',
  chevronLeft: 'M10 4L6 8l4 4',
  toStart: 'M11.5 3.8L6 8l5.5 4.2ZM4.2 3.6v8.8',
  toEnd: 'M4.5 3.8L10 8l-5.5 4.2ZM11.8 3.6v8.8',
  scale: 'M2.5 2.5h5M2.5 13.5h5M5 4.2v7.6M3.4 5.8L5 4.2l1.6 1.6M3.4 10.2L5 11.8l1.6-1.6M10 4h3.5M10 6.7h3.5M10 12h3.5',
  states:
    'M4.3 2.8h7.4a2.3 2.3 0 0 1 0 4.6H4.3a2.3 2.3 0 0 1 0-4.6ZM4.3 9h4.4a2.2 2.2 0 0 1 0 4.4H4.3a2.2 2.2 0 0 1 0-4.4Z',
  flag: 'M4 14V2.2M4 3h8l-2 2.8L12 8.6H4',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 4.8V8l2.2 1.6',
  comment: 'M2.2 3h11.6v8H7.4L4.4 13.6V11H2.2Z',
  ignored: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM4 4l8 8',
  up: 'M8 12.8V3.4M4.2 7.2L8 3.4l3.8 3.8',
  down: 'M8 3.2v9.4M4.2 8.8L8 12.6l3.8-3.8',
  duplicate: 'M5.5 5.5h8v8h-8ZM3.4 10.5h-.9v-8h8v.9',
  edit: 'M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2ZM9.4 4.4l2.2 2.2',
  grip: 'M6 3.6v.1M10 3.6v.1M6 8v.1M10 8v.1M6 12.4v.1M10 12.4v.1',
  record: 'M8 3.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 0 0 0-9.6ZM8 6.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 0 0 0-3.6Z',
  stop: 'M4 4h8v8H4Z',
  restart: 'M12.6 5.2A5.3 5.3 0 1 0 13.3 9M12.9 2.4v3h-3',
  evidence: 'M2.6 4.2l1.2 1.2 2-2.4M8.4 4.4h5.2M2.6 8.8l1.2 1.2 2-2.4M8.4 9h5.2M8.4 13h5.2M4 13v.1',
  drop: 'M8 2v8M4.5 6.8L8 10.3l3.5-3.5M2.5 13.5h11',
} as const;
export type IconName = keyof typeof shapes;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={shapes[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
