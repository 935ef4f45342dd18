/** What every warning means and what to do about it. */

import { type CodePage, page } from './codePage.ts'

/** Pages by code. */
export const warnings: Readonly<Record<string, CodePage>> = {
  FB4101: page(
    'Depth and book were recorded more than a day apart. Depth of a calm day flatters a crash.',
    'Record both at once, or say so wherever the result is shown.',
  ),
  FB4102: page(
    'Quotes of another asset stand for the one sold: only their ratios are used.',
    'Record quotes of the asset itself.',
  ),
  FB4103: page('An asset is sold at par without limit.', 'Give it a venue with depth.'),
  FB4104: page('Rows with amount 0 are counted and left out.', 'Remove them from the file.'),
  FB4107: page(
    'Nobody adds bids while the cascade lasts: in minutes true, over hours pessimistic.',
    'Read the result as that of one sudden move.',
  ),
  FB4108: page('Sales went past the observed depth.', 'Record deeper, or compare other beyond:.'),
  FB4109: page('A wall left collateral unsold.', 'Record deeper, or choose another beyond:.'),
  FB4110: page('Loop gain rests on few large accounts.', 'Read it as the risk of those accounts.'),
  FB4111: page('Several prices move at once.', 'Read the staircase; the map is a sketch.'),
  FB4112: page('Batch cascades are not monotone in the drop.', 'Use worst-first for curves.'),
  FB4113: page('Accounts could be liquidated before any move.', 'Check prices and thresholds.'),
  FB4115: page(
    'Prices are a record, which already holds the feedback of its day. Sales do not move them.',
    'Compare who was sold, when and how much; use inferred to ask what sales did to the price.',
  ),
  FB4116: page(
    'A recorded series has gaps: nobody knows what happened in them, so they give no return.',
    'Record without gaps, or state the count with the result.',
  ),
  FB4117: page(
    'A path does not fit the run: it opens at another price, or ends before it.',
    'Correct from:, to: or the opening price.',
  ),
  FB4118: page(
    'A row of a recorded series is out of order, closer than half a step, or not positive.',
    'Sort the rows by time and remove those without a value.',
  ),
  FB4120: page(
    'No outside price makes the recorded price, as where a venue is sold out.',
    'Record deeper, or take the record as given.',
  ),
  FB4121: page(
    'The market of the scenario is too thin for the sales in it: the record cannot hold them.',
    'Name all venues, or take the record as given.',
  ),
  FB4122: page(
    'A price feed was not valid while accounts could be liquidated, so nothing was.',
    'See the turns for when; widen the bound of the feed if that is not meant.',
  ),
  FB4123: page(
    'Lots are still in auctions at the end: what they will bring is not known.',
    'Add blocks until they are decided.',
  ),
  FB4128: page(
    'All runs of a sweep came to the same.',
    'Give the scenario a random course, or leave --runs out.',
  ),
  FB4127: page(
    'The same collateral backs debts in several protocols, and each health knows only its own.',
    'Read it as debt that one seizure can leave without backing.',
  ),
  FB4124: page(
    'A column that only these rules read is missing or empty, and they work its value out.',
    'Record it with the positions where the result hangs on it.',
  ),
  FB4125: page(
    'A claim opens below what its redemption brings, so nobody can still be paid there.',
    'Correct the price, the fee or the cost of waiting; else read it as a redemption in use.',
  ),
  FB4119: page(
    'A recorded series has too few rows that count.',
    'Correct from:, to: or step:, or get a longer record.',
  ),
  FB4301: page(
    'The results of a sweep cannot be read or written.',
    'Make room on the disk, or end the other process that has them open; then use --resume. ' +
      'A file that is no sweep is left alone: move it, or name another --out.',
  ),
  FB4302: page(
    'No Redis answers at --queue.',
    'Start redis-server there, and write its address like redis://host:6379.',
  ),
  FB4303: page(
    'A worker is of another engine than the sweep.',
    'Install the same version of Firebreak on all machines.',
  ),
  FB4304: page(
    'A run of a sweep ended for lack of memory.',
    'Give threads more with --memory, or take fewer --workers; then --resume tries it again.',
  ),
  FB4025: page(
    'A parameter in a file is outside its range.',
    'Check unit: and less: of its column, or correct the row.',
  ),
  FB4026: page('An asset has two rows of parameters.', 'Narrow the rows with where:.'),
  FB4114: page('Feedback is off.', 'Leave --no-feedback out for the cascade.'),
}
