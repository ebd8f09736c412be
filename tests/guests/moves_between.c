/* moves_between FROM TO: files and directories are renamed, exchanged and linked from one writable directory to another. Under Landlock that asks for
 * LANDLOCK_ACCESS_FS_REFER on both, and that the second grants no more than the first; where one is missing it is EXDEV. */
#include "guest.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

static char from[PATH_MAX], to[PATH_MAX];

static void name(const char *const *directories, const char *file)
{
    snprintf(from, sizeof from, "%s/%s", directories[1], file);
    snprintf(to, sizeof to, "%s/%s", directories[2], file);
}

static void make(const char *path)
{
    CHECK(write_errno(path) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *const *directories = (const char *const *)argv;
    name(directories, "renamed");
    make(from);
    CHECK(rename(from, to) == 0);
    CHECK(rename(to, from) == 0);
    name(directories, "linked");
    make(from);
    CHECK(link(from, to) == 0);
    name(directories, "exchanged");
    make(from);
    make(to);
    CHECK(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0);
    name(directories, "directory");
    CHECK(mkdir(from, 0755) == 0);
    CHECK(rename(from, to) == 0);
    strcat(to, "/below");
    make(to);
    return 0;
}
