/** Files that are migrations or descriptions of a database by where they are or by what they are called. */
import picomatch from "picomatch";
import { plainPath } from "../content/source.ts";
import type { Change } from "../gate.ts";

const migrations = picomatch(
  [
    "**/migrations",
    "**/migrations/**",
    "**/db/migrate",
    "**/db/migrate/**",
    "**/db/post_migrate/**",
    "**/{migrate,migration,migrator}/**/{[0-9],m[0-9],v[0-9],r__,u[0-9]}*",
    "**/alembic/versions",
    "**/alembic/versions/**",
    "**/{v,u,b}[0-9]*__*.{sql,java,kt,groovy,py}",
    "**/r__*.{sql,java,kt,py}",
    "**/*.{up,down}.sql",
    "**/drizzle/**/*.{sql,json}",
    "**/atlas.sum",
  ],
  { dot: true },
);
const descriptions = picomatch(
  [
    "**/*.{sql,ddl,cql,prisma,dbml,edmx,dbmx,dacpac,sqlproj}",
    "**/db/{schema,*_schema,cable_structure,structure}.{rb,sql}",
    "**/schema.rb",
    "**/structure.sql",
    "**/*modelsnapshot.{cs,vb}",
    "**/*.{hbm,orm,dcm}.{xml,yml,yaml}",
    "**/drizzle/schema.{ts,js}",
  ],
  { dot: true },
);
const page = picomatch(["**/*.{md,markdown,rst,adoc}", "**/.git{keep,ignore,attributes}"], { dot: true });
const dbtFolder = /(?:^|\/)(?:models|snapshots|analyses|analysis|macros|tests|seeds)\//;
const DBT = /\{\{-?\s{0,9}(?:ref|source|config|this|var|target|dbt_utils)\b|\{%-?\s{0,9}(?:macro|snapshot|test|set|if|for)\b/;
const LIQUIBASE = /databaseChangeLog|<changeSet\b|- changeSet:|--liquibase formatted/;
const CODE = /\.(?:[cm]?[jt]sx?|py|rb|java|kt|cs|go|php|rs|exs?|swift|css|scss|html)$/;

/** What a path alone says; undefined where the content has to tell. */
export function schemaFile(change: Change): string | undefined {
  const path = plainPath(change.path);
  const empty =
    !change.unreadable &&
    !change.base &&
    !change.head &&
    change.added.length + change.removed.length === 0 &&
    !change.path.endsWith(".sql");
  if (empty && /\.\w+$/.test(path)) return undefined;
  if (migrations(path)) return page(path) ? undefined : "a database migration";
  if (descriptions(path)) return isDbt(change, path) ? undefined : "describes a database's schema or speaks SQL to it";
  return !CODE.test(path) && !page(path) && [change.base, change.head].some((text) => text && LIQUIBASE.test(text))
    ? "a Liquibase changelog"
    : undefined;
}

/** A model of dbt is a query; where it is more, its content says so. */
const isDbt = ({ base, head }: Change, path: string): boolean =>
  path.endsWith(".sql") && dbtFolder.test(path) && [base, head].every((text) => text === undefined || DBT.test(text));
