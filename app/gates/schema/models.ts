/** Schemas as an ORM's models describe them. */
import type { Idea } from "../content/idea.ts";
import { bracketEnd } from "../content/sql.ts";
import { eachOf } from "../content/words.ts";

const because = "an ORM's model describes the schema";

export const models: readonly Idea[] = [
  {
    because,
    words: ["schema"],
    pattern: /\bnew\s+(?:mongoose\.)?Schema\s{0,9}(?:<[^(]{0,80}>)?\(/g,
    families: ["js"],
    needs: /mongoose/,
    end: bracketEnd,
  },
  {
    because,
    words: eachOf(["pg", "mysql", "sqlite", "singlestore", "mssql", "gel"], ["table"]),
    pattern: /\b(?:pg|mysql|sqlite|singlestore|mssql|gel)Table(?:Creator)?\s{0,9}\(/g,
    families: ["js"],
    end: bracketEnd,
  },
  {
    because,
    words: [
      "@primary",
      "@column",
      "@createdate",
      "@updatedate",
      "@deletedate",
      "@version",
      "@join",
      "@manyto",
      "@oneto",
      "@index",
      "@unique",
      "@check",
      "@entity",
      "@property",
      "@foreignkey",
      "@table",
    ],
    pattern:
      /@(?:PrimaryGeneratedColumn|PrimaryColumn|Column|CreateDateColumn|UpdateDateColumn|DeleteDateColumn|VersionColumn|JoinColumn|JoinTable|ManyToOne|OneToMany|OneToOne|ManyToMany|Index|Unique|Check|Entity|PrimaryKey|Property|ForeignKey|Table)\s{0,9}\(/g,
    families: ["js"],
    needs: /["'](?:typeorm|@mikro-orm\/[\w-]{1,40}|sequelize-typescript)["']/,
    end: bracketEnd,
  },
  {
    because,
    words: ["@column", "@join", "@table", "@entity", "@id", "@gene", "@enumerated", "@many", "@one", "@embedded", "@secondary", "@field:"],
    pattern:
      /@(?:field:)?(?:Column|JoinColumn|JoinTable|Table|Entity|Id|GeneratedValue|Enumerated|ManyToOne|OneToMany|OneToOne|ManyToMany|Embedded|SecondaryTable)\b/g,
    families: ["jvm"],
    needs: /(?:javax|jakarta)\.persistence|org\.hibernate|androidx\.room/,
  },
  { because, words: ["datatypes.", "sequelize."], pattern: /\b(?:DataTypes|Sequelize)\.(?:[A-Z]{3,20})\b/g, families: ["js"] },
  {
    because,
    words: ["models."],
    pattern: /\bmodels\.(?:\w{1,40}Field|ForeignKey|Index|UniqueConstraint|CheckConstraint)\s{0,9}\(/g,
    families: ["py"],
    needs: /django|models\.Model\b/,
    end: bracketEnd,
  },
  {
    because,
    words: ["column"],
    pattern: /\bmapped_column\s{0,9}\(|\bdb\.Column\s{0,9}\(|\b(?:sa\.)?Column\s{0,9}\(\s{0,40}(?:["']|(?:sa\.)?[A-Z][A-Za-z]{2,30}\b)/g,
    families: ["py"],
    needs: /sqlalchemy|sqlmodel|mapped_column|db\.Column|declarative_base/i,
    end: bracketEnd,
  },
  { because, words: ["gorm:"], pattern: /\bgorm:"/g, families: ["go"] },
  {
    because,
    words: ["[column", "[table", "[key", "[foreignkey", "[index", "[inverse", "[maxlength"],
    pattern: /\[(?:Column|Table|Key|ForeignKey|Index|InverseProperty|MaxLength)\b[^\]\n]{0,120}\]/g,
    families: ["net"],
    needs: /DataAnnotations\.Schema|EntityFrameworkCore/,
  },
  {
    because,
    words: ["field", "belongs_to", "has_many", "has_one", "embeds_many", "timestamps"],
    pattern: /^\s{1,20}(?:field|belongs_to|has_many|has_one|embeds_many|timestamps)\s{0,9}\(?\s{0,9}:?\w*/gm,
    families: ["ex"],
    needs: /use Ecto\.Schema/,
  },
  {
    because,
    words: ["#[diesel", "deriveentitymodel", "sea_orm"],
    pattern: /#\[(?:diesel|sea_orm)\([^\]\n]{0,120}\)\]|\bDeriveEntityModel\b/g,
    families: ["rs"],
  },
];
