import * as plot from '@observablehq/plot'
import { give } from './give.ts'

give(plot)
