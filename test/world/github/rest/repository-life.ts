import { invalid } from "../http/refusal.ts";
import { archiveRepository, deleteRepository, renameRepository, setVisibility, transferRepository } from "../repositories/life.ts";
import { showFullRepository, showRepository } from "../shapes/repository.ts";
import { type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { unsupported } from "./unsupported.ts";

const rules = { app: { administration: "write" }, person: "admin" } as const;

/** The settings of a repository that can be changed here. */
const known = new Set(["name", "private", "visibility", "archived"]);

export const repositoryLifeEndpoints: readonly Endpoint[] = [
  onRepository("repos/update", { ...rules, archivedToo: true }, ({ world, repository, author, body }) => {
    const wish = body ?? {};
    unsupported(wish, ...Object.keys(wish).filter((name) => !known.has(name)));
    if (wish.archived !== undefined) archiveRepository(world, repository, wish.archived, author());
    const visibility = wish.visibility ?? (wish.private === undefined ? undefined : wish.private ? "private" : "public");
    if (visibility) setVisibility(world, repository, visibility, author());
    if (wish.name !== undefined) renameRepository(world, repository, wish.name, author());
    return ok(showFullRepository(world, repository, "admin"));
  }),
  onRepository("repos/delete", { ...rules, archivedToo: true }, ({ world, repository, author }) => {
    deleteRepository(world, repository, author());
    return noContent;
  }),
  onRepository("repos/transfer", { ...rules, archivedToo: true }, ({ world, repository, author, body }) => {
    unsupported(body, "team_ids");
    const to = world.users.get(body.new_owner.toLowerCase());
    if (!to || to.type === "Bot") throw invalid({ resource: "Repository", field: "new_owner", code: "invalid" });
    // The answer is still of the old place: GitHub moves it afterwards.
    const before = showRepository(world, repository);
    transferRepository(world, repository, to, author(), body.new_name);
    return { status: 202, body: before };
  }),
];
