/** Records deleted by the calls of ORMs and of the clients of databases. */
import type { Found, Idea } from "../content/idea.ts";
import { eachOf } from "../content/words.ts";

const because = "a call that deletes records";
/** A member of an object, also over the end of a line. */
const MEMBER = String.raw`(?<=(?:\.|->)\s{0,9})`;
const OPEN = String.raw`\s{0,9}(?:\?\.)?(?:<[^()\n]{0,60}>)?\(`;
/** What cannot be anybody's records, by the name of what the call is made on. */
const OTHER_RECEIVER =
  /(?:cache\w*|map|set|headers?|params?|cookies?|message|msg|reply|interaction|cursor|response|res|request|req|axios|http\w*|api|router|app|fetch\w*|session\w*|token|element|el|node|dom|modal|toast|socket|stream|storage|localStorage|registry|listeners?|pending|seen|lock|\w*Map|\w*Set|\w*Cache|\w*Headers|\w*Params)(?:\(\))?[!?]?$/i;
/** An answer of HTTP or a path: the call asks another server, whose own code is somewhere else. */
const ADDRESS = /^\s{0,40}(?:await\s)?(?:[frb]{0,2}["'`](?:\/|https?:|\$?\{)|["'`]\/|\w*(?:url|uri|path|endpoint|href)\b)/i;

/** What a call is made on, when the match begins at the name of the method or at its dot. */
const receiver = ({ before }: Found): string =>
  /[\w$\])'"()?!@]{1,60}$/.exec(before.replace(/\s*(?:\??\.|!\.|\??->|::)?\s*$/, ""))?.[0] ?? "";
const onRecords = (found: Found): boolean => !OTHER_RECEIVER.test(receiver(found));
/** `x.delete()`: who deletes itself, without saying which. */
const withoutArguments = (found: Found): boolean => /^\s{0,40}\)/.test(found.after) && onRecords(found);

const call = (names: string): RegExp => new RegExp(`${MEMBER}(?:${names})${OPEN}`, "g");

export const orm: readonly Idea[] = [
  {
    because,
    words: [
      "deletemany",
      "deleteone",
      "anddelete",
      "andremove",
      "_and_delete",
      "dropdatabase",
      "dropcollection",
      "delete_many",
      "delete_one",
      "drop_collection",
      "drop_database",
      "deletebyquery",
      "delete_by_query",
      "deletefrom",
      "nativedelete",
      "removeandflush",
      "deletewhere",
      "deleteall",
      "deleteinbatch",
      "executedelete",
      "batchdelete",
      "deleteitem",
      "delete_item",
      "deletetable",
      "delete_table",
      "truncatetable",
      "detach",
    ],
    pattern: call(
      "deleteMany|deleteOne|deleteManyAndReturn|findOneAndDelete|findByIdAndDelete|findByIdAndRemove|findOneAndRemove|dropDatabase|dropCollection|delete_many|delete_one|find_one_and_delete|drop_collection|drop_database|" +
        "DeleteManyAsync|DeleteOneAsync|DeleteMany|DeleteOne|DeleteOneID|FindOneAndDelete(?:Async)?|DropCollection(?:Async)?|DropDatabase(?:Async)?|deleteByQuery|delete_by_query|DeleteByQuery|deleteFrom|nativeDelete|removeAndFlush|deleteWhere|" +
        "deleteAll(?:InBatch|ById)?|deleteAllByIdInBatch|deleteInBatch|ExecuteDelete(?:Async)?|BatchDelete|deleteItem|delete_item|DeleteItem|deleteTable|delete_table|truncateTables?|DETACH",
    ),
  },
  {
    because,
    words: ["deleteitem", "deletetable", "deletecommand", "deleteinput", "deletedoc", "deletemany", "deleterequest"],
    pattern:
      /\b(?:DeleteItem|DeleteTable|Delete)(?:Command|Input)\s{0,9}[({]|\bDeleteRequest\b["']?\s{0,9}[:=({]|(?<![.\w])deleteDoc\s{0,9}\(|\bnew\s+DeleteManyModel\b/g,
  },
  // Ruby
  {
    because,
    words: ["destroy", "delete_all", "delete_by", "delete!", "truncate_table"],
    pattern:
      /(?<=[\w)\]}?!&])\s{0,60}&?\.\s{0,9}(?:destroy_all|delete_all|destroy_by|delete_by|destroy!|really_destroy!|truncate_tables?|delete!|destroy)(?![\w?=:])/g,
    families: ["rb"],
    accepts: (found) => !/(?:session|cookies?|cache)\s*$/.test(found.before),
  },
  {
    because,
    words: [".delete"],
    pattern: /(?<=\b[A-Z][A-Za-z]{1,60})\.delete(?=[\s(])/g,
    families: ["rb"],
    accepts: ({ before }) => !/(?:File|Dir|ENV|Redis|Cache|Rails|Net|HTTP\w*|Thread|Set|Hash|Faraday|HTTParty)$/.test(before),
  },
  // Python
  {
    because,
    words: ["delete"],
    pattern: /(?<=[\w)\]"'])\s{0,60}\.\s{0,9}(?:_raw_)?delete\s{0,9}\(/g,
    families: ["py"],
    accepts: (found) => withoutArguments(found) || /^\s{0,9}(?:synchronize_session|keep_parents|using)\b/.test(found.after),
  },
  {
    because,
    words: ["session.delete", "s.delete", "db.delete"],
    pattern: /\b(?:db\.|self\.)?(?:\w{0,20}_)?(?:session|s|db)\.delete\s{0,9}\(/g,
    families: ["py"],
    accepts: ({ after }) => !ADDRESS.test(after) && !/^\s{0,9}["']/.test(after) && !/^\s{0,9}self\.(?:base|url)/.test(after),
  },
  {
    because,
    words: ["delete(", ".objects"],
    pattern: /(?<![.\w])delete\(\s{0,40}[A-Z][A-Za-z]{0,60}\s{0,9}\)|(?<=\bsa|sqlalchemy)\.delete\(|\.objects\b[^;]{0,300}?\.delete\(/g,
    families: ["py"],
  },
  // JavaScript and TypeScript
  {
    because,
    words: eachOf(["delete", "del"], ["(", "?", "<", " "]),
    pattern: call("delete|del"),
    families: ["js"],
    accepts: (found) => withoutArguments(found) || /^\s{0,40}\{\s{0,40}(?:where|data|id|Key)\b/.test(found.after),
  },
  {
    because,
    words: ["delete", "remove", "clear", "destroy", "truncate"],
    pattern: call("delete|remove|clear|truncate|destroy"),
    families: ["js"],
    accepts: ({ before, after }) =>
      /(?:[rR]epo(?:sitory)?|[mM]anager|\bem|DataSource|get(?:Mongo)?Repository\([^()]{0,60}\))[!?]{0,2}\s{0,40}\??\.\s{0,9}$/.test(
        before,
      ) &&
      !/(?:cache|state|window|tab|session|event|plugin|socket|theme|toast|layer)\w{0,20}manager\W{0,9}$/i.test(before) &&
      !ADDRESS.test(after),
  },
  {
    because,
    words: ["delete"],
    pattern: call("delete"),
    families: ["js"],
    accepts: ({ before, after }) =>
      /(?<![\w$])(?:db|tx|trx|prisma|database|conn|knex|orm|drizzle)[?!]?\.(?:\w{1,40}[?!]?\.)?\s{0,9}$/i.test(before) &&
      !/cache[?!]?\.\s{0,9}$/i.test(before) &&
      !ADDRESS.test(after),
  },
  {
    because,
    words: ["destroy", "truncate"],
    pattern: call("destroy|truncate"),
    families: ["js"],
    accepts: ({ after, before }) =>
      /(?:\b[A-Z]\w{1,60}|\b(?:models?|db)\.\w{1,60})\??\.$/.test(before) &&
      (/^\s{0,40}(?:\{\s{0,40}(?:where|truncate|force|cascade|transaction|individualHooks)\b|\))/.test(after) ||
        /await\s[\w.]{1,60}$/.test(before)),
  },
  {
    because,
    words: ["destroy"],
    pattern: call("destroy"),
    families: ["js"],
    needs: /sequelize/i,
    accepts: ({ before }) => /\bawait\s{1,9}[\w.?]{1,60}$/.test(before),
  },
  // JVM
  {
    because,
    words: ["delete", "remove", "dropcollection"],
    pattern: call("remove|delete|deleteBy\\w{1,60}|deleteAll\\w{0,20}|removeBy\\w{1,60}|findAndRemove|findAllAndRemove|dropCollection"),
    families: ["jvm"],
    accepts: ({ before }) =>
      /(?:[rR]epository|[rR]epo|[dD]ao|[eE]ntityManager|[mM]ongoTemplate|\b(?:em|session|jdbi|dsl|context))\s{0,40}\??\.\s{0,9}$/.test(
        before,
      ),
  },
  {
    because: "a query that deletes records",
    words: ["deleteby", "removeby", "deleteallby", "removeallby", "@delete"],
    pattern:
      /\b(?:void|int|long|Integer|Long|Flux|Mono|List|fun)(?:<[^<>\n]{0,60}>)?\s{1,9}(?:delete|remove)(?:All)?By[A-Z]\w{0,80}\s{0,9}\(|^\s{0,40}@Delete\b(?!\s{0,3}\(\s{0,3}["'/])(?=[^\n]{0,9}\n?\s{0,40}(?:suspend\s)?(?:fun|void)\b)/gm,
    families: ["jvm"],
  },
  // .NET
  {
    because,
    words: ["remove", "delete"],
    pattern: call("RemoveRange|Remove|Delete|DeleteAsync|EnsureDeleted(?:Async)?"),
    families: ["net"],
    accepts: ({ before }) =>
      /(?:[cC]ontext|\b_?db|\b_?ctx|[rR]epository|[uU]nitOfWork|DbSet|Db)(?:\.\w{1,40})?(?:<\w{1,40}>\(\))?[?!]?\.\s{0,9}$/.test(before) &&
      !/(?:cache|httpcontext|\.Items|\.Headers?)[\w.]{0,40}$/i.test(before),
  },
  // Go
  {
    because,
    words: ["delete", "unscoped"],
    pattern:
      /(?<![\w$])(?:\w{1,20}\.)?(?:db|DB|tx|gorm\w{0,10}|conn|orm|session)(?:\.\w{1,40}(?:\([^()\n]{0,200}\))?\s{0,40}){0,6}\.\s{0,40}Delete\s{0,9}\(|\)\s{0,40}\.\s{0,40}Delete\(\s{0,9}&|\.Unscoped\(\)|(?<=\bclient\.[A-Z]\w{0,40})\.Delete\(\)/g,
    families: ["go"],
  },
  // PHP
  {
    because,
    words: ["delete", "destroy", "truncate"],
    pattern: /(?:->|::)\s{0,9}(?:forceDelete|delete|truncate|destroy|forceDestroy|deleteQuietly)\s{0,9}\(/g,
    families: ["php"],
    accepts: (found) =>
      /forceDelete|truncate|deleteQuietly/.test(found.match[0]) ||
      (found.match[0].includes("destroy") && found.match[0].startsWith("::")) ||
      withoutArguments(found) ||
      /\bDB::table\([^()]{0,60}\)[^;]{0,200}$/.test(found.before),
  },
  {
    because,
    words: ["manager->remove", "em->remove"],
    pattern: /\b(?:entityManager|em|manager)->remove\s{0,9}\(/gi,
    families: ["php"],
  },
  // Elixir, Rust, Swift, Dart
  {
    because,
    words: ["repo.delete", "ash.destroy", "ash.bulk_destroy", "multi.delete"],
    pattern: /\b\w{0,40}Repo\.delete(?:_all)?!?(?![\w?])|\bAsh\.(?:bulk_)?destroy!?|\b(?:Ecto\.)?Multi\.delete(?:_all)?\b/g,
    families: ["ex"],
  },
  {
    because,
    words: ["delete"],
    pattern:
      /\bdiesel::delete\s{0,9}\(|::delete_(?:many|by_id|by)\w{0,30}\s{0,9}\(|(?<=[\w)])\.delete\((?:&(?:db|conn|self\.db|txn|\*?db))/g,
    families: ["rs"],
  },
  {
    because,
    words: ["delete"],
    pattern: /\b(?:model|view|managed(?:Object)?)?[cC]ontext\.delete\s{0,9}\(|\brealm\.delete(?:All)?\s{0,9}\(|\bNSBatchDeleteRequest\b/g,
    families: ["swift"],
  },
  {
    because,
    words: ["delete", ".clear"],
    pattern: /\b(?:db|database|txn|box|isar|batch)\.(?:rawDelete|delete|deleteAll|deleteFromDisk|clear)\s{0,9}\(/g,
    families: ["dart"],
  },
];
