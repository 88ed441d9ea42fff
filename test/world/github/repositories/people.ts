import { atLeast, roleOf } from "../auth/authorize.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";

export function mayWriteLogin(world: World, repository: Repository, login: string): boolean {
  const user = world.users.get(login.toLowerCase());
  return user !== undefined && atLeast(roleOf(repository, user), "write");
}
