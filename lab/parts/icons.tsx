/** The drawings of buttons, in the colour of the words beside them. */

/** Lines of each drawing in a box of 16, as the data of one path. */
const lines = {
  undo: 'M6.5 3 3 6.5 6.5 10M3.5 6.5h6a3.75 3.75 0 0 1 0 7.5H6.5',
  share:
    'M6.1 6.9l4-2.3M6.1 9.1l4 2.3M4.2 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4M11.9 1.8a2 2 0 1 1 0 4 2 2 0 0 1 0-4M11.9 10.2a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
  export: 'M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11',
  moon: 'M13.3 9.6A5.8 5.8 0 0 1 6.4 2.7a5.8 5.8 0 1 0 6.9 6.9z',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  play: 'M4.5 2.5v11l8.5-5.5z',
  pause: 'M5 3v10M11 3v10',
  stepBack: 'M12 3v10L5.5 8zM3.5 3v10',
  stepOn: 'M4 3v10l6.5-5zM12.5 3v10',
  loop: 'M3 8a5 5 0 0 1 8.7-3.4L13 6M13 2.5V6H9.5M13 8a5 5 0 0 1-8.7 3.4L3 10M3 13.5V10h3.5',
  check: 'M2.5 8.5 6.3 12.3 13.5 4.5',
  warning: 'M8 1.8 14.7 13.7H1.3zM8 6v3.8M8 11.6v.4',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 7.2V11M8 4.9v.4',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  file: 'M9 1.5H3.5v13h9V5zM9 1.5V5h3.5',
  swap: 'M3 5.5h10.5L10.5 2.5M13 10.5H2.5l3 3',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  chevronDown: 'M4 6l4 4 4-4',
  chevronUp: 'M4 10l4-4 4 4',
  chevronRight: 'M6 4l4 4-4 4',
  keyboard: 'M1.5 4h13v8.5h-13zM4 7h.1M6.6 7h.1M9.3 7h.1M11.9 7h.1M5 9.8h6',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 3v10',
} as const

export type IconName = keyof typeof lines

/** A drawing; the button that holds it has the words. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={lines[name]} />
    </svg>
  )
}

/** The mark: a staircase between the map and the diagonal, and the line that it breaks at. */
export function Mark() {
  return (
    <svg className="mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect className="mark-ground" width="24" height="24" rx="6" />
      <path className="mark-stairs" d="M5 6.5h5.5V12H14v5.5h5" />
      <path className="mark-break" d="M5.5 18.5l13-13" />
    </svg>
  )
}
