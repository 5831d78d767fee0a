import { newMemory } from '../../../core/watch/memory.ts';
import { newsOf } from '../../../core/watch/news.ts';
import { shipped } from '../../drill/fixture.ts';
import { at, live, START } from './history.ts';

const workload = shipped().workloads['petclinic']!;
const memory = newMemory('x', START);

describe('what the watch tells itself', () => {
  it('is nothing on an ordinary day', () => {
    expect(newsOf({ ...memory, health: live([[600, '']]).memory }, workload, at(600))).toBeNull();
  });

  it('is that a degraded primary is well again, once', () => {
    const told = { ...memory, health: live([[600, '']]).memory, told: { at: at(0), percent: 30 } };
    const news = newsOf(told, workload, at(600))!;
    expect(news.message.subject).toBe('[Pilotlight] PetClinic: well again');
    expect(news.message.text).toContain(
      'no look has failed for at least 60 s, from any place. Users are on the primary.',
    );
    expect(news.isOpen(told)).toBe(true);
    expect(news.isOpen(news.remember(told))).toBe(false);
  });

  it('says where users are, if somewhere else', () => {
    const { memory: health } = live([[600, '']]);
    const rounds = [{ ...health.rounds.at(-1)!, elsewhere: { a: 'maintenance' } as const }];
    const told = { ...memory, health: { ...health, rounds }, told: { at: at(0), percent: 30 } };
    expect(newsOf(told, workload, at(600))!.message.text).toContain(
      'Users are answered by the maintenance page still.',
    );
  });

  it('is not that, while it is degraded still', () => {
    const third = (round: number): string => ['aA', 'bB', 'cC'][round % 3]!;
    const told = { ...memory, health: live([[300, third]]).memory, told: { at: at(0), percent: 30 } };
    expect(newsOf(told, workload, at(300))).toBeNull();
  });

  it('is that a look was never good, after ten minutes, with what to do', () => {
    const { goodFrom, ...rest } = memory.health;
    const blind = { ...memory, health: { ...rest, goodFrom: { ...goodFrom, primary: null } } };
    expect(newsOf(blind, workload, at(599))).toBeNull();
    const news = newsOf(blind, workload, at(600))!;
    expect(news.message.text).toBe(
      "The look at the primary's own door was never good: https://alb.petclinic.example.com/owners?lastName= must answer 200 " +
        'with "Owners" without the secret of the edge. Until then its bad answers count for nothing, and no outage is ' +
        'confirmed by itself.\n\nLet the load balancer answer this path, or name another one in health.door, and deploy.',
    );
    expect(newsOf(news.remember(blind), workload, at(700))).toBeNull();
  });
});
