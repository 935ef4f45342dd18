/**
 * What every error and warning code means and what to do about it. Pure data, for `help` and for
 * documents.
 */

import { type CodePage, page } from './codePage.ts'
import { warnings } from './warningCodes.ts'

export { type CodePage, page } from './codePage.ts'

const command: Readonly<Record<string, CodePage>> = {
  FB1000: page('Firebreak itself is at fault.', 'Run again with FIREBREAK_DEBUG=1 and report it.'),
  FB2000: page('The command line cannot be understood.', 'Run firebreak --help.'),
  FB2001: page('There is no such command.', 'Run firebreak --help for the list.'),
  FB2002: page('The command has no such flag.', 'Run the command with --help for its flags.'),
  FB2003: page('An argument is missing.', 'Run the command with --help for its arguments.'),
  FB2004: page('There are more arguments than the command takes.', 'Quote names that hold blanks.'),
  FB2005: page('A flag needs a value.', 'Write it after the flag: --drop 15%.'),
  FB2006: page('The value of a flag is not one of those allowed.', 'Run the command with --help.'),
  FB2007: page('Two flags exclude each other.', 'Give one of them.'),
  FB2008: page(
    'A word is not among those allowed.',
    'Write one of the words that the message lists.',
  ),
  FB2009: page('Help has no page of that name.', 'Run firebreak help for the list of topics.'),
  FB2020: page('An override is no key=value.', 'Write it like --set depth.haircut=50%.'),
  FB2021: page('A gate cannot be read.', "Write it like 'bad_debt_usd < 1M', in quotes."),
  FB2022: page(
    'A gate names a metric that the report lacks.',
    'See firebreak help for the metrics.',
  ),
  FB2023: page(
    'A gate names a parameter or an arm that is not stated.',
    'Name a band, drop or h of the report, or an arm of the comparison.',
  ),
  FB2024: page(
    '--search or --limits stands without --pareto.',
    'Add --pareto bad_debt_usd,borrowing_power.',
  ),
  FB2025: page(
    'The limits of a sweep leave no value of a key.',
    'Let the range of --vary reach into the limits.',
  ),
  FB2026: page(
    'An aim of a front is no measure and no key that is varied, or has no better side.',
    'Write --pareto bad_debt_usd,borrowing_power or paid_by_funds_usd:higher.',
  ),
  FB2027: page(
    'A search for a front has no ranges to search in.',
    'Write --vary KEY=FROM..TO:STEP, for one key to eight.',
  ),
  FB2028: page(
    'A limits file cannot be read.',
    'Write keys: with least, most and step by key, and measures: a list of conditions.',
  ),
  FB2029: page('A limit is on a key that is not varied.', 'Vary it, or take the limit out.'),
  FB2035: page('A port is taken.', 'Give another --port; 0 takes any that is free.'),
  FB2036: page(
    'The lab was to be served beyond this machine.',
    'Leave --host out: 127.0.0.1, ::1 or localhost.',
  ),
  FB2037: page('The lab has not been built.', 'Run npm run build.'),
  FB2033: page('--tables or --format needs a folder to write to.', 'Add --out and a folder.'),
  FB2034: page(
    'An instant cascade has no tables of blocks.',
    'Leave --tables out, or add blocks:.',
  ),
  FB2031: page('The output cannot be written.', 'Choose another --out; nothing was written.'),
  FB2032: page('A file that init would write is there already.', 'Name a new folder.'),
}

const quantities: Readonly<Record<string, CodePage>> = {
  FB2010: page('The value is no number of the kind wanted.', 'Write 83%, $1.2m, 12M or a number.'),
  FB2011: page(
    'A bare number above 1 may mean percent, basis points or a multiple: for a ratio it is refused.',
    'Write 83%, 8300bps or 0.83.',
  ),
  FB2012: page('A drop was written negative.', 'Drops are positive: 15% is a fall by 15 %.'),
  FB2013: page(
    'The value is outside what has a meaning: a price of 0, a threshold of 100 % or more.',
    'Write a value within the limits that the message names.',
  ),
  FB2014: page('A time is no ISO-8601 time in UTC.', 'Write 2023-06-19 or 2023-06-19T17:10:00Z.'),
}

const scenario: Readonly<Record<string, CodePage>> = {
  FB2040: page('The scenario file is missing or cannot be read.', 'Check the path or the name.'),
  FB2041: page('The scenario file is empty.', 'Begin with version: 1, or run firebreak init.'),
  FB2042: page('The scenario file is not UTF-8.', 'Save it as UTF-8.'),
  FB2043: page('The scenario file is not valid YAML or JSON.', 'Correct it at the place named.'),
  FB2044: page('A key stands twice in one map.', 'Remove or rename one of the two.'),
  FB2045: page('A scenario extends itself, directly or by others.', 'Remove one extends.'),
  FB2046: page('A chain of extends is too long.', 'Merge some of the scenarios.'),
  FB2047: page('The path of an override leads nowhere.', 'Name keys as in the file, with dots.'),
  FB2050: page('The scenario has no such key.', 'Correct the spelling, or remove the key.'),
  FB2051: page(
    'A key is missing. Keys that hide a choice of the modeller have no default.',
    'Add the key; examples show every one of them.',
  ),
  FB2052: page('A value has the wrong form.', 'Write what the message asks for.'),
  FB2053: page('A word is not among those allowed.', 'Write one of the words that are listed.'),
  FB2054: page('A name is used that the scenario does not define.', 'Define it, or correct it.'),
  FB2055: page('USD is defined as an asset; it is always there.', 'Remove it from assets:.'),
  FB2056: page('Assets are priced in each other, in a circle.', 'Price one of them in USD.'),
  FB2057: page('Shares do not sum to 100 %.', 'Correct one of them.'),
  FB2058: page(
    'A synthetic book uses an asset without terms, or names no group where its terms are in one.',
    'Add terms for it to the rules, or group: with the market, vault or branch.',
  ),
  FB2059: page('A venue does not sell one asset for another.', 'Correct asset: or quote:.'),
  FB2060: page('Stated depth is not in order.', 'Sort it; cumulative amounts rise with the drop.'),
  FB2062: page('A route is not one hop of venues that pay alike.', 'Choose venues under routes:.'),
  FB2063: page(
    'An asset is priced in something else than its venues pay, so a move would not reach them.',
    'Price the asset in what its venues pay.',
  ),
  FB2064: page('Nothing sells an asset that is collateral.', 'Add a venue for it.'),
  FB2065: page(
    'A share stands for no constant-product pool, or is not paid in USD.',
    'Name the pool, and price the share in USD.',
  ),
  FB2070: page(
    'A key of a run in time stands in a scenario without blocks.',
    'Add blocks: 7200, or remove the key.',
  ),
  FB2071: page(
    'A run in time lacks keys that have no default.',
    'Add those that the message lists, or remove blocks.',
  ),
  FB2072: page(
    'A price follows a record, and are: does not say what the record is.',
    'Write are: given for a record of the whole market, outside for a move of your own.',
  ),
  FB2073: page('An asset of the rules has no price feed.', 'Add one for it, or others: spot.'),
  FB2074: page('Two liquidators have one name.', 'Rename one; count: 2 makes NAME-1 and NAME-2.'),
  FB2075: page(
    'A course is in a unit that its subject has not.',
    'Write factor, price for assets, or gwei for gas.',
  ),
  FB2076: page('A correlation is said twice, or is not 1 with itself.', 'Write each pair once.'),
  FB2301: page('A position has no terms in its protocol.', 'Add the asset to the rules.'),
  FB2302: page('At-trigger order where several prices move.', 'Use worst-first or batch.'),
  FB2303: page(
    'Collateral is pledged between rules that hold more than plain legs: auctions, bands, a pool.',
    'Use rules that sell plain legs, such as lending, on both sides.',
  ),
  FB2304: page(
    'Accounts pledge what stands in a protocol that pledges itself, or in their own.',
    'Name the protocol that holds the collateral in the end.',
  ),
  FB2305: page(
    'A pledged asset is not collateral in both protocols.',
    'Give it a threshold in both, or leave it out.',
  ),
  FB2306: page(
    'No account of the protocol holds a pledged asset in the other one, or too few do.',
    'Name the accounts alike in both books.',
  ),
  FB2307: page(
    'A pledged position stands twice, or the debts of a drawn book that pledges are set.',
    'State it once, where it stands; drawn debts follow from it.',
  ),
  FB2308: page(
    'A defence moves thresholds of rules that have none to move.',
    'Take the defence out, or defend a protocol with other rules.',
  ),
  FB2080: page(
    'A variation of a sweep cannot be read.',
    'Write --vary KEY=VALUE,VALUE or KEY=FROM..TO:STEP; drop stands for shock.drop.',
  ),
  FB2081: page('A range of a sweep leads nowhere.', 'Let the step lead from one end to the other.'),
  FB2082: page('A sweep would run a value twice.', 'Write each value of a key once.'),
  FB2083: page(
    'Many runs were asked for, and all of them would be the same.',
    'Leave --runs out, or let something be drawn: a random course in time, a synthetic book.',
  ),
  FB2084: page(
    'A cell of a sweep has other measures than the first.',
    'Vary numbers; sweep scenarios with other protocols, or with and without time, apart.',
  ),
  FB2085: page(
    'A sweep has too many cells.',
    'Take longer steps, or --tornado for one key at a time.',
  ),
  FB2086: page(
    'A folder already holds results of a sweep.',
    'Give --resume to go on with the same sweep, --fresh to throw it away, or another --out.',
  ),
  FB2087: page('A flag that counts got something else.', 'Write a whole number.'),
  FB2088: page('A worker does not know its queue.', 'Add --queue redis://host:port.'),
  FB2089: page(
    'Runs do not fill their batches.',
    'Run a multiple of the batch, two of them or more.',
  ),
  FB2091: page(
    'A sweep measures what its scenario does not have.',
    'Find ignition without time; use the instant cascade as a control in time.',
  ),
  FB2092: page(
    'A defence stands in a scenario without time.',
    'Add blocks:, chain: and paths:, or use firebreak compare, which adds them.',
  ),
  FB2097: page(
    'All pairs of a comparison are alike.',
    'Give --pairs 200, and let depth, drop, books or prices differ: sample: { depth: 0.25 }.',
  ),
  FB2098: page(
    'There is no defence of this name.',
    'firebreak help lists them; join names by commas.',
  ),
  FB2099: page(
    'Nothing is compared.',
    'Give --defences breaker,speed-limit, or --b depth.haircut=50%.',
  ),
  FB2093: page(
    'An attack was asked for in a scenario without time.',
    'Add blocks:, chain: and paths:.',
  ),
  FB2094: page(
    'An attack was asked for in a market that sales do not move.',
    'Leave feedback on, and let paths be outside or inferred.',
  ),
  FB2095: page(
    'A loan of an attack is of a protocol whose positions are more than amounts of assets.',
    'Take it out of attack.loans; pushes of the oracle are still tried.',
  ),
  FB2096: page(
    'run --attack found no attacker in the scenario.',
    'Add attack: with cash, flashLoan, gas, blocks, move and minProfit.',
  ),
  FB2090: page(
    'A wanted width cannot be read.',
    "Write --until 'bad_debt_usd(q95) < 5%' or 'bad_debt_usd < 100k', in quotes.",
  ),
}

const models: Readonly<Record<string, CodePage>> = {
  FB2101: page('A leg is of no account.', 'Number accounts from 0, and say how many there are.'),
  FB2111: page('A fee is not a fraction from 0 to below 1.', 'Write 0.3%.'),
  FB2112: page('An opening price is not positive and finite.', 'Correct the price of the asset.'),
  FB2113: page('An amount of a venue is not positive and finite.', 'Leave unrecorded rows out.'),
  FB2114: page('Depth does not rise or fall strictly.', 'Sort it and add up equal prices.'),
  FB2115: page('Columns of depth differ in length, or are empty.', 'Give one value for each row.'),
  FB2116: page(
    'Depth that never falls cannot be continued past its edge.',
    'Record deeper, or declare beyond: wall.',
  ),
  FB2117: page('A parameter of the venue is outside its range.', 'Correct it.'),
  FB2118: page(
    'The best bid stands above the opening price.',
    'Rescale it: levels: relative, mid:.',
  ),
  FB2119: page('The ranges of a pool do not fit its price.', 'Check decimals and token order.'),
  FB2121: page('The market lacks a hop or a price.', 'Give one for each asset.'),
  FB2122: page('Cash is sold.', 'Remove the route of the cash asset.'),
  FB2123: page('A venue of a route sells another asset.', 'Name only venues that sell the asset.'),
  FB2124: page('A route never reaches cash.', 'Take one hop out of the circle.'),
  FB2125: page('Parallel venues pay in different assets.', 'Choose venues of one pair.'),
  FB2126: page(
    'A claim pays what is sold for it, or a share is sold beside its redemption.',
    'Take one of the two venues out.',
  ),
  FB2201: page('An asset has terms twice.', 'Keep one.'),
  FB2202: page('A threshold is not between 0 and 1.', 'Write it like 83%.'),
  FB2203: page('A bonus is negative or not finite.', 'Write it like 5%.'),
  FB2204: page('An e-mode group stands twice, or is 0.', 'Number groups from 1.'),
  FB2205: page('An e-mode has an asset without terms of its own.', 'Add it to the assets.'),
  FB2401: page('A time of a feed is negative, 0 or not finite.', 'Write it in seconds, like 3600.'),
  FB2402: page('A ratio of a feed is negative or not finite.', 'Write it like 0.5%.'),
  FB2403: page('A median has no feeds.', 'Write [0] for one feed without delay.'),
  FB2404: page(
    'Bounds of a feed are in the wrong order, or its opening value is outside them.',
    'Exchange the two, or move one of them.',
  ),
  FB2405: page('A price or gas price of a feed is not positive and finite.', 'Correct it.'),
  FB2406: page('A funding rate of a mark price is not between -1 and 1.', 'Write it like 0.01%.'),
  FB2407: page('A weight of the own market in an index is not from 0 to 1.', 'Write it like 10%.'),
  FB2408: page('A mark price lacks the time of its mean, or has no mean.', 'Add or remove it.'),
  FB2409: page('The next funding is due after more than one interval.', 'Correct the time to it.'),
  FB2421: page('Waypoints are not in order, or not positive.', 'Sort them by time.'),
  FB2422: page('A drop leaves nothing.', 'Write a fall by 15 % as 0.15.'),
  FB2423: page('A time lies before the opening, or a ramp ends before it starts.', 'Correct it.'),
  FB2424: page('A drift or volatility is negative or not finite.', 'Write it like 80%, per year.'),
  FB2425: page('A step between returns has no length.', 'Write the time between two returns.'),
  FB2426: page('A parameter of GARCH is negative or not finite.', 'Correct it.'),
  FB2427: page(
    'A return is not above -1 and finite.',
    'Write simple returns: a fall by 1% is -1%.',
  ),
  FB2428: page('A mean run of a bootstrap is shorter than one return.', 'Write at least 1.'),
  FB2429: page('A course leaves all bounds.', 'Lower its drift, volatility or jumps.'),
  FB2431: page('A correlation matrix does not belong to any prices.', 'Correct the entry named.'),
  FB2432: page('Correlated prices move at different times.', 'Give them steps of equal length.'),
  FB2433: page('An asset has two lists of courses.', 'Write all in one; they are multiplied.'),
  FB2441: page('A parameter of the chain is out of its range.', 'Correct the one that is named.'),
  FB2442: page(
    'An amount or gas price of a liquidator is negative or not finite.',
    'Correct it; only capitalUsd, maxGwei and leavesAfterUsd may be Infinity.',
  ),
  FB2443: page('A share or fee of a liquidator is not a fraction from 0 to 1.', 'Write 0.09%.'),
  FB2444: page(
    'A latency, schedule or urgency of a liquidator is negative or not finite.',
    'Write it in seconds; a schedule needs more than 0.',
  ),
  FB2451: page(
    'A setting of price formation is out of its range.',
    'Write half-lives and times as 0 or more, shares and the floor from 0 to 1.',
  ),
}

const files: Readonly<Record<string, CodePage>> = {
  FB4001: page('A file that the scenario names is missing or unreadable.', 'Check it, or --data.'),
  FB4002: page('A file has no rows.', 'Check that it is complete.'),
  FB4003: page('A file is not UTF-8.', 'Save it as UTF-8.'),
  FB4004: page('A file is malformed or cut short.', 'Check that it is complete; write it again.'),
  FB4005: page('A column is missing.', 'Say under columns: what the file calls it.'),
  FB4007: page('A file is not the one that was recorded.', 'Get that file, or correct sha256.'),
  FB4008: page(
    'A column of assets holds too many names.',
    'Choose the column that names the asset.',
  ),
  FB4009: page(
    'A file is too large for the lab: a page holds it whole in its memory.',
    'Run it on the command line, which has more: firebreak init writes a scenario for it.',
  ),
  FB4011: page(
    'A value is no finite number, or no whole one where one is needed.',
    'Correct the row, or remove it.',
  ),
  FB4012: page('An amount is negative.', 'Write amounts positive; side says which are debts.'),
  FB4013: page('A value is missing. Missing is never read as 0.', 'Fill it in or remove the row.'),
  FB4014: page('A position is in an asset that the scenario lacks.', 'Add it under assets:.'),
  FB4015: page('A side is neither collateral nor debt.', 'Write collateral or debt.'),
  FB4016: page('A position stands twice.', 'Add the rows up, or remove one.'),
  FB4017: page(
    'A position has no terms, is collateral without threshold, or lacks the group of its terms.',
    'Add the terms, or name the group in a column group.',
  ),
  FB4018: page('A position is in an unknown group.', 'Name one of the groups of the rules.'),
  FB4021: page('Depth is not in order.', 'Sort the rows and add up those of equal price.'),
  FB4022: page('No row has the values of where:.', 'Correct where: in the scenario.'),
  FB4023: page('Depth is 0 or negative.', 'Remove the row.'),
  FB4024: page('A file is older than maxAge allows.', 'Get a newer one, or raise maxAge.'),
  FB4032: page('A run that was stopped has tables but no result.', 'Run it again to its end.'),
  FB4031: page('A saved result cannot be read.', 'Write it again with run --out.'),
}

/**
 * Every code that Firebreak gives, but for those of one kind of rules: they stand with it. A test
 * holds all of them to the codes in the source.
 */
export const codePages: Readonly<Record<string, CodePage>> = {
  ...command,
  ...quantities,
  ...scenario,
  ...models,
  ...files,
  ...warnings,
}
