/** Runs before the first paint, so that a chosen theme never flashes; see theme.ts. The system's needs no script. */
try {
  const theme = localStorage.getItem('flowcell.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
} catch {
  // storage is blocked: the system's theme it is
}
