/** `writerChild.ts FILE`: keeps a busy box's samples as fast as it can, and says the second of each that was given over. */
import { createHistoryWriter } from '../../../../src/monitor/history/historyWriter.ts';
import { busyBox } from './busyBox.ts';

const [path = ''] = process.argv.slice(2);
const history = createHistoryWriter(path, {
  onProblem: (problem) => {
    throw problem;
  },
});
const box = busyBox({ gpus: 2, processes: 40, cores: 8 });
for (let second = 0; ; second++) {
  history.add(box(second));
  await new Promise<void>((said) => process.stdout.write(`${second}\n`, () => said()));
}
