/** How the value of a setting is shown. */
import { settingNamed, SETTINGS, type SettingName } from '../../protocol/settings.ts'

const MASK = '********'

const isSecret = (name: SettingName): boolean => 'secret' in SETTINGS[name]

/** What is no setting may be a misspelt secret: it is masked, too. */
export function masked(name: string, text: string): string {
  const setting = settingNamed(name)
  return setting === undefined || isSecret(setting) ? MASK : text
}
