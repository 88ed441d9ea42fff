import pg from "pg";

/** Lets time pass in a database while nobody uses it: leases run out, and what waits comes nearer. */
export async function timePasses(databaseUrl: string, seconds: number): Promise<void> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    for (const [table, columns] of Object.entries({
      "rig.workers": ["lease_until"],
      "rig.effects": ["lease_until", "due_at", "planned_at"],
      "graphile_worker._private_jobs": ["locked_at", "run_at"],
    })) {
      const earlier = columns.map((column) => `${column} = ${column} - $1 * interval '1 second'`);
      await owner.query(`update ${table} set ${earlier.join(", ")}`, [seconds]);
    }
  } finally {
    await owner.end();
  }
}
