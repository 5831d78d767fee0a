import { Application } from '../../../drill/world/application.ts';
import { Database } from '../../../drill/world/database.ts';

const post = { method: 'POST', path: '/owners/new', write: { id: 1, at: 0 } };
const get = { method: 'GET', path: '/owners', write: null };

describe('an application before a database that takes no write yet', () => {
  it('answers those who read, fails those who write, and keeps nothing of them', () => {
    const database = new Database();
    database.writable = false;
    const standby = new Application('standby', { database, condition: 'up', deepText: 'Owners' });
    expect([standby.answer(get)?.status, standby.answer(post)?.status]).toEqual([200, 500]);
    expect([database.holds(1), standby.accepted]).toEqual([false, []]);
    database.writable = true;
    expect(standby.answer(post)?.status).toBe(200);
    expect(database.holds(1)).toBe(true);
  });
});
