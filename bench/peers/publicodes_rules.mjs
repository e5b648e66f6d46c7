// The work set as publicodes rules, one situation a row.  Called as measure.py is:
//   node publicodes_rules.mjs first|memory ROWS.ndjson [OUT.ndjson]
// NODE_PACKAGES names the folder in which publicodes is installed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(pathToFileURL(process.env.NODE_PACKAGES + '/'))
const { default: Engine } = require('publicodes')

const FIRST_MONTH = 2026 * 12
const FLAGS = new Set(['is_technology', 'is_capacity', 'is_supported_loan'])
const FIGURES = [
  'is_technology', 'is_capacity', 'equipment', 'construction_months', 'rd_expense', 'rd_expense_before', 'revenue',
  'first_year_sales', 'fdi_usd', 'usd_cny_e4', 'is_supported_loan', 'principal', 'annual_rate_e4', 'loan_start',
  'loan_months',
]
const dotted = (name) => name.replaceAll('_', ' ')
const award = (conditions, value, cap) => ({
  'applicable si': { 'toutes ces conditions': conditions },
  valeur: value,
  plafond: cap,
})

const rules = Object.fromEntries(FIGURES.map((name) => [dotted(name), null]))
Object.assign(rules, {
  capacity: award(
    ['is capacity', 'equipment >= 20000000', 'construction months <= 24'], 'equipment / 10', 30000000),
  growth: award(
    ['is technology', 'rd expense >= 1000000', 'rd expense > rd expense before', 'rd expense * 100 >= revenue * 3'],
    '(rd expense before * 3 + (rd expense - rd expense before) * 10) / 100', 300000),
  launch: award(['first year sales >= 10000000'], 'first year sales / 100', 1000000),
  fdi: award(['fdi usd >= 2000000'], 'fdi usd * usd cny e4 / 200000', 5000000),
  end: { valeur: 'loan start + loan months', plafond: FIRST_MONTH + 12 },
  begin: { valeur: 'loan start', plancher: FIRST_MONTH },
  months: { valeur: 'end - begin', plancher: 0 },
  'capped rate': { valeur: 'annual rate e4', plafond: 150 },
  loan: award(
    ['is technology', 'is supported loan', 'principal >= 500000'],
    'principal * capped rate * months / 120000', 150000),
})
const AWARDS = { capacity: '02-capacity', growth: '05-rd-growth', launch: '06-first-launch', fdi: '17-fdi',
                 loan: '25-technology-loan' }

const engine = new Engine(rules)

function answer(row) {
  const situation = {}
  for (const name of FIGURES) situation[dotted(name)] = FLAGS.has(name) ? (row[name] ? 'oui' : 'non') : row[name]
  engine.setSituation(situation)
  const result = {}
  for (const [rule, item] of Object.entries(AWARDS)) result[item] = Math.floor(engine.evaluate(rule).nodeValue ?? 0)
  return result
}

// On Linux the resource usage begins with that of the process which started this one.
function peakMegabytes() {
  if (!existsSync('/proc/self/status')) return process.resourceUsage().maxRSS / 1000
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1000
}

const [mode, source, target] = process.argv.slice(2)
const rows = readFileSync(source, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
if (mode === 'first') {
  answer(rows[0])
  console.log('{}')
} else {
  const start = performance.now()
  const results = rows.map(answer)
  const seconds = (performance.now() - start) / 1000
  if (target) writeFileSync(target, results.map((one) => JSON.stringify(one) + '\n').join(''))
  console.log(JSON.stringify({ seconds, peak: peakMegabytes() }))
}
