/** Changes to a database's schema, and what only looks like one. */
import { added, deleted, edited, renamed } from "../change.ts";
import type { Labelled } from "../labelled.ts";

const hit = (name: string, ...changes: Labelled["changes"]): Labelled => ({ name, gate: "schema", raises: true, changes });
const trick = (name: string, ...changes: Labelled["changes"]): Labelled => ({ ...hit(name, ...changes), adversarial: true });
const miss = (name: string, ...changes: Labelled["changes"]): Labelled => ({ name, gate: "schema", raises: false, changes });

const hits: readonly Labelled[] = [
  hit(
    "a Rails migration",
    added(
      "db/migrate/20261101120000_add_tip_to_orders.rb",
      "class AddTipToOrders < ActiveRecord::Migration[7.1]\n  def change\n    add_column :orders, :tip, :integer\n  end\nend\n",
    ),
  ),
  hit(
    "Rails' dump of the schema",
    edited("db/schema.rb", '  create_table "tills" do |t|\n  end\n', '  create_table "tills" do |t|\n    t.string "name"\n  end\n'),
  ),
  hit(
    "a Django migration",
    added(
      "shop/migrations/0012_order_tip.py",
      "class Migration(migrations.Migration):\n    operations = [migrations.AddField('order', 'tip', models.IntegerField())]\n",
    ),
  ),
  hit(
    "an Alembic revision",
    added("alembic/versions/ab12_add_tip.py", "def upgrade():\n    op.add_column('orders', sa.Column('tip', sa.Integer()))\n"),
  ),
  hit(
    "Alembic operations in a folder of another name",
    added("server/revisions/ab12.py", "def upgrade():\n    op.drop_column('orders', 'tip')\n"),
  ),
  hit(
    "a Flyway migration in Java",
    added("src/main/java/db/V7__BackfillTips.java", "public class V7__BackfillTips extends BaseJavaMigration {}\n"),
  ),
  hit(
    "a Liquibase changelog in YAML",
    edited(
      "src/main/resources/db/master.yaml",
      "databaseChangeLog:\n  - changeSet:\n      id: 1\n",
      "databaseChangeLog:\n  - changeSet:\n      id: 1\n  - changeSet:\n      id: 2\n",
    ),
  ),
  hit(
    "a Liquibase changelog in XML",
    added(
      "config/liquibase/2026.xml",
      '<databaseChangeLog>\n  <changeSet id="3" author="maria">\n    <dropTable tableName="tips"/>\n  </changeSet>\n</databaseChangeLog>\n',
    ),
  ),
  hit(
    "a Prisma schema",
    edited("packages/db/schema.prisma", "model User {\n  id Int @id\n}\n", "model User {\n  id Int @id\n  tip Int?\n}\n"),
  ),
  hit("one of several Prisma schema files", edited("prisma/models/order.prisma", "model Order {\n}\n", "model Order {\n  tip Int\n}\n")),
  hit(
    "a TypeORM migration",
    added(
      "src/migrations/1700000000-AddTip.ts",
      "export class AddTip implements MigrationInterface {\n  async up(q: QueryRunner) { await q.addColumn('orders', tip); }\n}\n",
    ),
  ),
  hit(
    "a Knex migration",
    added("knex/20261101_tips.js", "exports.up = (knex) => knex.schema.createTable('tips', (t) => { t.increments(); });\n"),
  ),
  hit(
    "a Sequelize migration",
    added(
      "server/changes/20261101-tip.js",
      "module.exports = {\n  up: (queryInterface) => queryInterface.renameColumn('orders', 'tip', 'gratuity'),\n};\n",
    ),
  ),
  hit(
    "a Drizzle table",
    edited(
      "src/db/tables.ts",
      "export const users = pgTable('users', {\n  id: serial('id'),\n});\n",
      "export const users = pgTable('users', {\n  id: serial('id'),\n  tip: integer('tip'),\n});\n",
    ),
  ),
  hit(
    "an EF Core migration",
    added("Api/Migrations/20261101_AddTip.cs", 'migrationBuilder.AddColumn<int>(name: "Tip", table: "Orders");\n'),
  ),
  hit("a golang-migrate file", added("internal/store/sql/000007_tips.up.sql", "alter table orders add column tip integer;\n")),
  hit(
    "an Ecto migration",
    added("priv/repo/migrations/20261101_tips.exs", "def change do\n  alter table(:orders) do\n    add :tip, :integer\n  end\nend\n"),
  ),
  hit(
    "a Laravel migration",
    added("database/migrations/2026_11_01_tips.php", "Schema::table('orders', function (Blueprint $table) { $table->integer('tip'); });\n"),
  ),
  hit("Laravel's builder outside of migrations", added("app/Console/FixTips.php", "<?php\nSchema::dropIfExists('tips');\n")),
  hit("an Atlas schema", added("infra/db.hcl", 'table "users" {\n  schema = schema.public\n  column "id" { type = int }\n}\n')),
  hit(
    "a SeaORM migration",
    added("migration/src/m20261101_000001_tips.rs", "manager.create_table(Table::create().table(Tips::Table).to_owned()).await\n"),
  ),
  hit(
    "a policy of row security",
    added("supabase/policies.sql", 'create policy "own rows" on orders for select using (auth.uid() = user_id);\n'),
  ),
  hit(
    "DDL in a Go string",
    added("store/boot.go", 'package store\n\nfunc Boot(db *sql.DB) {\n\tdb.Exec("CREATE TABLE IF NOT EXISTS tips (id int)")\n}\n'),
  ),
  hit(
    "a column of DDL in a template string, where only that line changes",
    edited(
      "src/boot.ts",
      "await sql`\n  create table tips (\n    id int,\n    amount int\n  )\n`;\n",
      "await sql`\n  create table tips (\n    id int,\n    amount bigint\n  )\n`;\n",
    ),
  ),
  hit("DDL in a shell heredoc", added("scripts/setup.sh", "psql <<SQL\nalter table orders\n  add column tip int;\nSQL\n")),
  hit("an index of MongoDB", added("src/indexes.js", "await db.collection('users').createIndex({ email: 1 }, { unique: true });\n")),
  hit("a validator of MongoDB", added("src/validate.py", "db.command('collMod', 'users', validator=rules)\n")),
  hit(
    "a Mongoose schema",
    edited(
      "models/user.js",
      "const mongoose = require('mongoose');\nconst User = new mongoose.Schema({\n  name: String,\n});\n",
      "const mongoose = require('mongoose');\nconst User = new mongoose.Schema({\n  name: String,\n  tip: Number,\n});\n",
    ),
  ),
  hit(
    "a field of a Django model",
    edited(
      "shop/models.py",
      "from django.db import models\nclass Order(models.Model):\n    total = models.IntegerField()\n",
      "from django.db import models\nclass Order(models.Model):\n    total = models.BigIntegerField()\n",
    ),
  ),
  hit("a column of an SQLAlchemy model", added("app/tables.py", "class Order(Base):\n    tip: Mapped[int] = mapped_column(Integer)\n")),
  hit("grants in a script", added("ops/roles.py", 'cursor.execute("GRANT SELECT ON orders TO reporting")\n')),
  hit("a migration that is deleted", deleted("db/migrations/0004_tip.rb", "add_column :orders, :tip, :integer\n")),
  hit("DDL taken out of code", deleted("src/bootstrap.js", "db.run('create unique index orders_tip on orders (tip)');\n")),
  hit("a Cassandra keyspace", added("cassandra/init.cql", "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy'};\n")),
];

const tricks: readonly Labelled[] = [
  trick("a migration that moves out of its folder", ...renamed("db/migrations/0004_tip.rb", "notes/0004_tip.txt", "say :nothing\n")),
  trick("a migration under another case", added("DB/Migrations/0004_Tip.RB", "tip\n")),
  trick("the folder of migrations becomes a symlink", added("db/migrate", "../elsewhere", { mode: "120000" })),
  trick(
    "the folder of migrations becomes a submodule",
    added("db/migrations", "", { mode: "160000", added: [], unreadable: "a submodule" }),
  ),
  trick("only the mode of a migration", edited("db/migrate/1_a.rb", "a\n", "a\n", { mode: "100755" })),
  trick("a migration in a text file", added("data/notes.txt", "ALTER TABLE users ADD tip int;\n")),
  trick("a migration in a data file, lower case", added("data/step7.data", "alter table users\nadd tip int;\n")),
  trick("a comment between the keywords", added("src/a.py", 'run("DROP/**/TABLE users")\n')),
  trick("a line comment between the keywords", added("src/a.py", 'run("""DROP -- not now\nTABLE users""")\n')),
  trick("keywords put together from literals", added("src/a.js", 'db.query("DRO" + "P TAB" + "LE users");\n')),
  trick(
    "literals next to each other over several lines",
    added("src/a.py", 'run(\n    "ALTER "\n    "TABLE users "\n    "ADD tip int"\n)\n'),
  ),
  trick(
    "keywords on lines of their own, one of which changes",
    edited("src/a.sh", "psql <<E\nCREATE\nROLE\nmaria;\nE\n", "psql <<E\nCREATE\nTABLE\nmaria;\nE\n"),
  ),
  trick("mixed case", added("src/a.rb", 'execute "aLtEr TaBlE users ADD tip int"\n')),
  trick("letters of full width", added("src/a.rb", 'execute "ＤＲＯＰ ＴＡＢＬＥ users"\n')),
  trick("a character without width in a keyword", added("src/a.rb", 'execute "DR\u200bOP TAB\u2060LE users"\n')),
  trick("an escaped end of line between keywords", added("src/a.java", 'st.execute("drop\\ntable users");\n')),
  trick("escaped letters", added("src/a.js", 'db.query("\\x44ROP TABLE users");\n')),
  trick("a statement in a page of documentation", added("docs/plan.md", "DROP TABLE users;\n")),
  trick("a file nobody could read", added("lib/tool.jar", "", { added: [], unreadable: "binary" })),
  trick("a quoted name after IF EXISTS", added("src/a.ts", 'await q(`drop table if exists "User Accounts" cascade`);\n')),
  trick("a comment that is none", added("src/a.ts", 'run("//"); run("drop table users");\n')),
  trick("what a comment of MySQL runs", added("src/a.php", '<?php $db->query("/*!50000 DROP TABLE users */");\n')),
  trick(
    "dbt's marks over a statement that is none of dbt",
    added("models/a.sql", "{{ config(materialized='table') }}\nALTER TABLE users DROP COLUMN tip;\n"),
  ),
];

const misses: readonly Labelled[] = [
  miss(
    "prose about tables",
    added("docs/layout.md", "Create table layouts with care, and alter the table when it is too wide.\nDrop table rows that are empty.\n"),
  ),
  miss("SQL in a fence of the README", added("README.md", "Create the table first:\n\n```sql\nCREATE TABLE tips (id int);\n```\n")),
  miss("a page about migrations", added("docs/migrations/v2-to-v3.md", "Rename the option `create` to `make`.\n")),
  miss("the README of the folder of migrations", edited("db/migrations/README.md", "Run them.\n", "Run them with make.\n")),
  miss("an empty package file for migrations", added("shop/migrations/__init__.py", "", { added: [] })),
  miss(
    "a GraphQL type",
    added("api/schema.graphql", "schema { query: Query }\ntype Order { id: ID! tip: Int }\nextend type Query { orders: [Order] }\n"),
  ),
  miss(
    "a view of the user interface",
    added("src/view.ts", "const view = createView('orders');\nexport function createTable(rows: Row[]) { return rows.map(renderRow); }\n"),
  ),
  miss("a table in HTML", added("web/orders.html", "<table><tr><td>Drop table rows here to create index pages</td></tr></table>\n")),
  miss("CSV with headings", added("data/tasks.csv", "id,task\n1,create index page\n2,alter table width\n3,drop view switch\n")),
  miss(
    "test names in prose",
    added("test/grid.test.ts", 'test("we create table rows and drop column headers", () => {});\nit("alters table of contents", run);\n'),
  ),
  miss(
    "a type in TypeScript",
    added("src/types.ts", "export type Table = { readonly name: string };\ninterface Schema { type: string }\n"),
  ),
  miss(
    "a zod schema",
    added("src/order.ts", "const schema = z.object({ tip: z.number() });\nexport const createSchema = schema.omit({ id: true });\n"),
  ),
  miss(
    "a JSON schema",
    added(
      "schemas/order.schema.json",
      '{ "$schema": "https://json-schema.org/draft-07/schema", "type": "object", "properties": { "table": { "type": "string" } } }\n',
    ),
  ),
  miss(
    "a comment that tells what the code does not do",
    added("src/a.ts", "// We do not create tables here, and never drop table users.\nconst a = 1;\n"),
  ),
  miss(
    "names in a style sheet",
    added("web/a.scss", ".create-table { color: red; }\n.alter-table-row { drop: none; }\n/* create index page */\n"),
  ),
  miss(
    "a changelog of an ordinary project",
    edited("CHANGELOG.json", '{ "entries": [] }\n', '{ "entries": [{ "comment": "create view models lazily" }] }\n'),
  ),
  miss("a query that only reads", added("src/q.py", 'rows = db.execute("select id, created_at from orders where alter_ego = ?", [x])\n')),
  miss("an insert", added("src/q.go", 'db.Exec("INSERT INTO orders (tip) VALUES ($1)", tip)\n')),
  miss("a dbt model", added("models/staging/stg_orders.sql", "select id, tip from {{ ref('raw_orders') }} where tip > 0\n")),
  miss(
    "a Terraform table of DynamoDB, which has no columns",
    added("infra/main.tf", 'resource "aws_dynamodb_table" "orders" {\n  hash_key = "id"\n}\n'),
  ),
  miss("a data frame", added("etl/a.py", "df = df.drop(columns=['tip']).rename(columns={'a': 'b'})\ndf.add_column = 1\n")),
  miss("columns of a layout in Flutter", added("lib/a.dart", "return Column(\n  children: [Text('Create table')],\n);\n")),
  miss(
    "columns of a grid",
    added("web/grid.tsx", "const columns: Column[] = [{ title: 'Drop column here' }];\ngrid.addColumn({ field: 'tip' });\n"),
  ),
  miss(
    "labels of buttons",
    added("web/menu.tsx", '<Button title="Create table">Create view</Button>\n<Item label="Drop index" onClick={open} />\n'),
  ),
  miss(
    "labels in another language's file",
    added("locales/en.json", '{ "create": "Create table from selection", "drop": "Drop table here" }\n'),
  ),
  miss("an index of a search library", added("src/search.ts", "const index = createIndex(documents);\nindex.add(page);\n")),
  miss(
    "keywords of an editor's SQL mode",
    added("src/sql-mode.ts", 'export const keywords = ["CREATE", "TABLE", "ALTER", "DROP", "INDEX", "VIEW"];\n'),
  ),
  miss(
    "creating a user by HTTP",
    added("src/api.ts", 'app.post("/users", async (c) => c.json(await createUser(c.req)));\nlog.info("create user request");\n'),
  ),
  miss("a runner of migrations", added("cmd/migrate/main.go", "package main\n\nfunc main() { migrate.Run(os.Args[1]) }\n")),
  miss(
    "a docstring about a function",
    added("src/a.py", '"""Create function that makes a type for each schema the user may alter."""\nx = 1\n'),
  ),
  miss(
    "ordinary code next to DDL that stays",
    edited("src/a.ts", 'db.run("create table a (id int)");\nconst price = 1;\n', 'db.run("create table a (id int)");\nconst price = 2;\n'),
  ),
  miss("a log line of a trigger", added("src/jobs.rb", 'logger.info "create trigger for job"\nJob.create(type: "index")\n')),
  miss("an Elasticsearch query", added("src/es.ts", "const hits = await es.search({ index: 'orders', query });\n")),
  miss("a picture", added("docs/erd.png", "", { added: [], media: "png", unreadable: "binary" })),
];

export const schemaCorpus: readonly Labelled[] = [...hits, ...tricks, ...misses];
