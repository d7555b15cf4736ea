/** What can be done on every page. */
import { registerCommands } from './commands.ts'
import { flowRuns } from './flow-runs-store.ts'
import { addPaletteSource } from './palette-sources.ts'
import { navigate } from './router.ts'
import { setTheme, THEMES } from './theme.ts'
import { stateWords } from '../ui/state-kind.ts'

/** What is typed while the palette is on its way is what it searches for, with Enter what it runs, and no command of the page. */
export async function openPalette(): Promise<void> {
  let typed = ''
  let isEntered = false
  const keep = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (isEntered) return
    if (event.key === 'Enter') isEntered = true
    else if (event.key === 'Backspace') typed = typed.slice(0, -1)
    else if (/^.$/u.test(event.key)) typed += event.key
  }
  addEventListener('keydown', keep, true)
  try {
    const { openPalette: open } = await import('./palette.ts')
    await open(() => ({ typed, isEntered }))
  } finally {
    removeEventListener('keydown', keep, true)
  }
}
export const openHelp = async (): Promise<void> => (await import('./help.ts')).openHelp()

const GO_TO = 'Go to'
const RECENT_RUNS = 50

/** Answers how to take them away again. */
export function registerShellCommands(): () => void {
  const stopCommands = registerCommands([
    {
      id: 'palette',
      title: 'Search commands, notebooks and runs',
      keys: ['$mod+KeyK', '$mod+Shift+KeyP'],
      when: 'global',
      group: 'Help',
      isKeyOnly: true,
      run: openPalette,
    },
    { id: 'help', title: 'Show all keys', keys: ['Shift+?'], when: 'global', group: 'Help', words: 'shortcuts keyboard', run: openHelp },
    { id: 'go.notebooks', title: 'Notebooks', keys: ['g n'], when: 'global', group: GO_TO, run: () => navigate('/notebooks') },
    { id: 'go.flows', title: 'Flows', keys: ['g f'], when: 'global', group: GO_TO, run: () => navigate('/flows') },
    { id: 'go.runs', title: 'Runs', keys: ['g r'], when: 'global', group: GO_TO, run: () => navigate('/runs') },
    ...THEMES.map((theme) => ({
      id: `theme.${theme}`,
      title: theme === 'system' ? 'Theme: as the system has it' : `Theme: ${theme}`,
      when: 'global' as const,
      group: 'Look',
      words: 'dark light colour',
      run: () => setTheme(theme),
    })),
  ])
  const stopRuns = addPaletteSource(() =>
    flowRuns.value.rows.slice(0, RECENT_RUNS).map((run) => ({
      id: `flow-run ${run.id}`,
      title: run.name,
      detail: `${run.flow_name ?? ''} · ${stateWords(run.state_type, run.state_name)}`,
      group: 'Flow run',
      run: () => navigate(`/runs/flow-run/${run.id}`),
    })),
  )
  return () => {
    stopCommands()
    stopRuns()
  }
}
