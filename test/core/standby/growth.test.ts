import { growthMessage, judgeGrowth } from '../../../core/standby/growth.ts';

const good = { good: true, detail: 'fine' };

describe('a standby that grows', () => {
  it('is whole when gateway and cluster are, whatever the database is doing', () => {
    const database = { good: false, detail: 'MySQL server is Updating, expected Ready' };
    expect(judgeGrowth({ gateway: good, cluster: good, database })).toEqual({
      whole: true,
      detail: 'all of it is there',
    });
  });

  it('is not whole while either is not, and says which', () => {
    const gateway = { good: false, detail: '1 of 3 backends Up' };
    const cluster = { good: false, detail: 'node pool work is Failed, expected Succeeded' };
    expect(judgeGrowth({ gateway, cluster, database: good })).toEqual({
      whole: false,
      detail:
        'application gateway: 1 of 3 backends Up; kubernetes cluster: node pool work is Failed, expected Succeeded',
    });
  });

  it('that stays small is told with what is missing and what to do', () => {
    const site = { name: 'Shop', url: 'https://shop.example.com' };
    expect(growthMessage(site, { seconds: 913, detail: 'node pool work is Failed', nodes: 3 })).toEqual({
      subject: '[Pilotlight] Shop: the standby serves, but stays small',
      text:
        'Shop (https://shop.example.com) is served by its standby, which has not got its 3 nodes within 15 min: ' +
        'node pool work is Failed.\n\nUsers are served by what runs. Look at the load and at the node pool in the Azure portal, ' +
        'and scale it by hand, with another size if Azure has no more of this one.',
    });
  });
});
