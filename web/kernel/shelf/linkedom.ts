import * as linkedom from 'linkedom'
import { give } from './give.ts'

give(linkedom)
