import { describe, expect, it } from 'vitest';
import { boxHosts } from '../../../../src/monitor/boxes/boxHosts.ts';

describe('the boxes that there are', () => {
  it('are those of the setting and then those of the ssh configuration, each once', () => {
    expect(boxHosts(['b', ' user@c '], ['a', 'b'])).toEqual(['b', 'user@c', 'a']);
  });

  it.each([[undefined], ['a'], [{ 0: 'a' }], [[1, null, '', '-oProxyCommand=x', 'a b', ['c']]]])('are not made of %j', (setting) => {
    expect(boxHosts(setting, ['a'])).toEqual(['a']);
  });
});
