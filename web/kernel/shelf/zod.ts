import * as zod from 'zod'
import { give } from './give.ts'

give(zod)
