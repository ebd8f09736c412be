/* race_fd_link: the object itself stands under a number that a process with the same descriptors (clone(CLONE_FILES)) changes, and the call names it as
 * /proc/self/fd/N, or by the number alone (fchmod and its like). Files are open for reading: nothing was judged when they were opened. */
#include "race.h"

static void arrange(struct race *race)
{
    race->decoy = directory_inside(race, "d");
    set_path(race, 0, "");
}

static void aim(struct race *race)
{
    char path[64];
    int directories[2] = { race->decoy, race->out };
    for (int i = 0; i < 2; i++) {
        race->other[i] = openat(directories[i], "t", (race->call->object == FILE_OBJECT ? O_RDONLY : O_PATH) | O_CLOEXEC);
        CHECK(race->other[i] >= 0);
    }
    race->dir = dup(race->other[0]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", race->dir);
    set_path(race, race->dir, path);
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_SHARED, CLONE_FILES, arrange, aim, swap_descriptor });
}
