/** The formats that a string is held to. Only expressions: a function could not be kept as code. */
export const formats = {
  // GitHub answers "" where a URL was never given.
  uri: /^$|^[a-z][a-z0-9+.-]*:\S+$/i,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
} as const;
