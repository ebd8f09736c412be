/* opens_below_shut_directory: a process works in a directory whose parent it may not search (somebody gave up root there, or shut it behind himself). Names relative to the working
 * directory, or to a descriptor, still work; absolute ones are EACCES. So does a link in the working directory lead on, and the descriptor of a file be opened again. */
#include "guest.h"

static int opens(int dir, const char *path)
{
    int fd = openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0)
        close(fd);
    return fd < 0 ? errno : 0;
}

int main(void)
{
    char absolute[PATH_MAX], link[64];
    CHECK(mkdir("shut", 0755) == 0 && mkdir("shut/open", 0777) == 0 && chmod("shut/open", 0777) == 0 && chdir("shut/open") == 0);
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(here >= 0 && getcwd(absolute, sizeof absolute - 8) != NULL);
    strcat(absolute, "/file");
    CHECK(symlink("file", "link") == 0 && mkdir("below", 0777) == 0 && chmod("below", 0777) == 0);
    CHECK(chmod("..", 0) == 0);
    if (geteuid() == 0)
        CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);

    CHECK(opens(AT_FDCWD, "file") == 0);
    CHECK(opens(AT_FDCWD, "./file") == 0);
    CHECK(opens(AT_FDCWD, "below/file") == 0);
    CHECK(opens(here, "file") == 0);
    CHECK(opens(AT_FDCWD, absolute) == EACCES);
    CHECK(opens(AT_FDCWD, "../open/file") == EACCES);
    int fd = open("file", O_RDONLY);
    CHECK(fd >= 0);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    CHECK(opens(AT_FDCWD, link) == 0);

    /* Still by its descriptor, when the name that it had is gone and it has another. */
    CHECK(linkat(AT_FDCWD, "file", AT_FDCWD, "other", 0) == 0 && unlink("file") == 0);
    CHECK(opens(AT_FDCWD, link) == 0);
    return 0;
}
