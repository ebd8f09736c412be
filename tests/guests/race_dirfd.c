/* race_dirfd: the argument is a descriptor and the name t, and a process that shares the descriptors (clone(CLONE_FILES), nothing else shared) puts the
 * directory inside and the one outside under that number in turn. */
#include "race.h"

static void arrange(struct race *race)
{
    race->decoy = directory_inside(race, "d");
    race->other[0] = race->decoy;
    race->other[1] = race->out;
    set_path(race, dup(race->decoy), "t");
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_SHARED, CLONE_FILES, arrange, NULL, swap_descriptor });
}
