import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSshHost, listSshHosts } from '../../../../src/process/ssh/hosts.ts';
import { temporaryFolder } from '../support.ts';

function homeWith(files: Readonly<Record<string, string>>): string {
  const home = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, '.ssh', path)), { recursive: true });
    writeFileSync(join(home, '.ssh', path), text);
  }
  return home;
}

describe('the hosts of ~/.ssh/config', () => {
  it.each<[string, string, readonly string[]]>([
    ['each alias of a line, once', 'Host a b\n  Port 22\nHost c a\n', ['a', 'b', 'c']],
    ['no patterns', 'Host *\nHost gpu-* !gpu-1 gpu-2 node?\n', ['gpu-2']],
    ['keywords in any case, with an equals sign, tabs and CRLF', 'HOST=a\r\n\thost = b\r\n', ['a', 'b']],
    ['words in quotes, and no comments', '# Host x\nHost "a" b # c\n', ['a', 'b']],
    ['nothing of Match', 'Match host m exec "touch /tmp/x"\n  User u\n', []],
    [
      'nothing that ssh could take for an option or a command',
      'Host -oProxyCommand=x "a b" $(id) a;b ok.example.com user@host\n',
      ['ok.example.com', 'user@host'],
    ],
    ['nothing of nothing', '', []],
  ])('are %s', async (_title, config, hosts) => {
    expect(await listSshHosts(homeWith({ config }))).toEqual(hosts);
  });

  it('are found in what the file includes, by pattern and in the order of names, also where that includes more', async () => {
    const home = homeWith({
      config: 'Include conf.d/*.conf ~/.ssh/more missing\nHost last\n',
      'conf.d/20.conf': 'Host second\n',
      'conf.d/10.conf': 'Host first\n  Include ../.ssh/nested',
      'conf.d/ignored': 'Host ignored\n',
      more: 'Host third\n',
      nested: 'Host nested',
    });
    expect(await listSshHosts(home)).toEqual(['first', 'nested', 'second', 'third', 'last']);
  });

  it('are found in a file that includes itself', async () => {
    expect(await listSshHosts(homeWith({ config: 'Host a\nInclude config\nHost b\n' }))).toEqual(['a', 'b']);
  });

  it('are none where there is no file', async () => {
    expect(await listSshHosts(temporaryFolder())).toEqual([]);
  });
});

it.each(['', '-oProxyCommand=x', 'a b', 'a\nb', "a'", '$x', 'a;b', '../x'])('%j is no host', (name) => {
  expect(isSshHost(name)).toBe(false);
});
