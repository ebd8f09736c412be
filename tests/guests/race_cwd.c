/* race_cwd: the argument is the name t, and a process that shares the working directory (clone(CLONE_FS), nothing else shared) goes to and fro between
 * the directory inside and the one outside. */
#include "race.h"

static char directory[PATH_MAX];

static void arrange(struct race *race)
{
    race->decoy = directory_inside(race, "d");
    snprintf(directory, sizeof directory, "%s/d", race->inside);
    CHECK(chdir(directory) == 0);
    set_path(race, AT_FDCWD, "t");
}

static void go(struct race *race)
{
    CHECK(chdir(race->outside) == 0);
    pause_some(race);
    CHECK(chdir(directory) == 0);
    pause_some(race);
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_SHARED, CLONE_FS, arrange, NULL, go });
}
