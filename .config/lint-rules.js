/** Lint rules of our own, for what no built-in rule can say. */

/** `new Date()` and `Date()` read the clock; `new Date(value)` only converts. */
const noAmbientTime = {
  create(context) {
    const report = (node) => {
      if (
        node.callee.type === 'Identifier' &&
        node.callee.name === 'Date' &&
        (node.type === 'CallExpression' || node.arguments.length === 0)
      ) {
        context.report({ node, message: 'This room reads no clock: the present time is an argument.' })
      }
    }
    return { NewExpression: report, CallExpression: report }
  },
}

export default { meta: { name: 'flowcell' }, rules: { 'no-ambient-time': noAmbientTime } }
