/** One question, one answer: the language service behind the protocol. */
import { completionAt, completionDetails } from './completion-answer.ts'
import { diagnosticsOf } from './diagnostics.ts'
import { hoverAt, signatureAt } from './documentation.ts'
import { definitionsAt, referencesAt, renamedAt, renameTargetAt } from './navigation.ts'
import type { TypesService } from './service.ts'
import type { Methods, Method, Question } from './types-protocol.ts'

/** What a cell has that is not there (any more). */
const NOTHING: { readonly [M in Method]: Methods[M]['result'] } = {
  completion: null,
  resolve: null,
  hover: null,
  signature: null,
  diagnostics: [],
  definition: [],
  references: [],
  prepareRename: { ok: false, reason: 'This cell is gone.' },
  rename: { ok: false, reason: 'This cell is gone.' },
}

export function answerTo(service: TypesService, question: Question): Methods[Method]['result'] {
  if (!service.cells.has(question.cell)) return NOTHING[question.method]
  return service.answer(() => found(service, question))
}

function found(service: TypesService, question: Question): Methods[Method]['result'] {
  const { cell } = question
  switch (question.method) {
    case 'completion':
      return completionAt(service, cell, question.params.at)
    case 'resolve':
      return completionDetails(service, cell, question.params.at, question.params.label)
    case 'hover':
      return hoverAt(service, cell, question.params.at)
    case 'signature':
      return signatureAt(service, cell, question.params.at)
    case 'diagnostics':
      return diagnosticsOf(service, cell)
    case 'definition':
      return definitionsAt(service, cell, question.params.at)
    case 'references':
      return referencesAt(service, cell, question.params.at)
    case 'prepareRename':
      return renameTargetAt(service, cell, question.params.at)
    case 'rename':
      return renamedAt(service, cell, question.params.at, question.params.name)
  }
}
