/* race_moved_parent: the argument is ../../t, seen from a working directory that somebody moves one level up: from INSIDE/x/y it is INSIDE/t, from
 * INSIDE/y it is OUTSIDE/t. INSIDE is a directory of OUTSIDE here. */
#include "race.h"

static char deep[PATH_MAX], high[PATH_MAX];

static void arrange(struct race *race)
{
    snprintf(deep, sizeof deep, "%s/x/y", race->inside);
    snprintf(high, sizeof high, "%s/y", race->inside);
    close(directory_inside(race, "x"));
    close(directory_inside(race, "x/y"));
    CHECK(chdir(deep) == 0);
    race->decoy = open(race->inside, O_PATH | O_DIRECTORY | O_CLOEXEC);
    set_path(race, AT_FDCWD, "../../t");
}

static void move(struct race *race)
{
    (void)race;
    CHECK(rename(deep, high) == 0);
    CHECK(rename(high, deep) == 0);
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_PRIVATE, CLONE_THREAD, arrange, NULL, move });
}
