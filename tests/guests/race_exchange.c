/* race_exchange: the argument stays, and what it names is changed: a directory on the way and a symbolic link to the directory outside exchange their
 * names (RENAME_EXCHANGE), which is allowed, since both lie inside. */
#include "race.h"

static char directory[PATH_MAX], link_path[PATH_MAX];

static void arrange(struct race *race)
{
    char path[PATH_MAX];
    snprintf(directory, sizeof directory, "%s/d", race->inside);
    snprintf(link_path, sizeof link_path, "%s/l", race->inside);
    race->decoy = directory_inside(race, "d");
    CHECK(symlink(race->outside, link_path) == 0);
    snprintf(path, sizeof path, "%s/d/t", race->inside);
    set_path(race, AT_FDCWD, path);
}

static void exchange(struct race *race)
{
    (void)race;
    CHECK(syscall(SYS_renameat2, AT_FDCWD, directory, AT_FDCWD, link_path, 2 /* RENAME_EXCHANGE */) == 0);
}

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_PRIVATE, CLONE_THREAD, arrange, NULL, exchange });
}
