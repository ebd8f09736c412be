/* race_proc_fd: as race_dirfd, and the directory is named by the path: /proc/self/fd/N/t. */
#include "race.h"

static void arrange(struct race *race)
{
    char path[64];
    race->decoy = directory_inside(race, "d");
    race->other[0] = race->decoy;
    race->other[1] = race->out;
    snprintf(path, sizeof path, "/proc/self/fd/%d/t", dup(race->decoy));
    set_path(race, AT_FDCWD, path);
}

static void swap(struct race *race)
{
    int number = atoi(path_of(race) + strlen("/proc/self/fd/"));
    CHECK(dup2(race->other[1], number) == number);
    pause_some(race);
    CHECK(dup2(race->other[0], number) == number);
    pause_some(race);
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_SHARED, CLONE_FILES, arrange, NULL, swap });
}
