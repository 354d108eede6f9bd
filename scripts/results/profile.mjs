/** Where the time of a prediction goes. */
import { profileTable } from '../profile-table.mjs';

export function profileTables(profile) {
  return `${profile.machine.cpu}, ${profile.machine.cores} cores.\n\n${profileTable(profile)}`;
}
