/* thread_has_own_directory HOW DIR: a thread has a working directory and a umask of its own (own_table.h). A relative name starts from the thread's, /proc/self/cwd and /proc/PID/cwd are
 * the leader's, /proc/thread-self/cwd is the thread's: for files, directories and the names of sockets. DIR may not be written: the thread stands there and the leader where it may
 * write, and then the other way about. */
#include "own_table.h"
#include <sys/socket.h>
#include <sys/un.h>

static int here;
static const char *outside;
static int denied;

static int binds(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path, name);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(s >= 0);
    int error = bind(s, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
    close(s);
    return error;
}

static mode_t mode_of(const char *name)
{
    struct stat now;
    CHECK(fstatat(here, name, &now, AT_SYMLINK_NOFOLLOW) == 0);
    return now.st_mode & 07777;
}

/* All of them by names in front of which the same directory stands. */
static void is_here(const char *start, const char *end)
{
    char name[6][96];
    const char *what[] = { "file", "directory", "socket", "renamed", "symlink", "linked" };
    for (int i = 0; i < 6; i++)
        snprintf(name[i], sizeof *name, "%s%s%s", start, what[i], end);
    CHECK(write_errno(name[0]) == 0 && mkdir(name[1], 0777) == 0 && binds(name[2]) == 0);
    CHECK(symlink("file", name[4]) == 0 && link(name[0], name[5]) == 0 && rename(name[5], name[3]) == 0);
    CHECK(chmod(name[0], 0604) == 0 && truncate(name[0], 3) == 0);
    CHECK(mode_of(strrchr(name[0], '/') ? strrchr(name[0], '/') + 1 : name[0]) == 0604);
    for (int i = 0; i < 6; i++) {
        const char *last = strrchr(name[i], '/') ? strrchr(name[i], '/') + 1 : name[i];
        CHECK(i == 5 || unlinkat(here, last, i == 1 ? AT_REMOVEDIR : 0) == 0);
    }
}

static void is_outside(const char *start, const char *end)
{
    char name[96];
    snprintf(name, sizeof name, "%sfile%s", start, end);
    refused(name);
    if (!denied)
        return;
    CHECK(mkdir(name, 0777) == -1 && errno == EACCES);
    CHECK(symlink("x", name) == -1 && errno == EACCES);
    CHECK(binds(name) == EACCES);
}

static void work(void)
{
    char leaders[64], threads[64];
    snprintf(leaders, sizeof leaders, "/proc/%d/cwd/", getpid());
    snprintf(threads, sizeof threads, "/proc/self/task/%d/cwd/", tid());
    CHECK(chdir(outside) == 0);
    is_outside("", "1");
    is_outside("./", "2");
    is_outside("/proc/thread-self/cwd/", "3");
    is_outside(threads, "4");
    is_here("/proc/self/cwd/", "5");
    is_here(leaders, "6");

    umask(077);
    CHECK(mkdir("/proc/self/cwd/private", 0777) == 0 && mode_of("private") == 0700);
    turn_of_leader();

    CHECK(fchdir(here) == 0);
    is_outside("/proc/self/cwd/", "7");
    is_outside(leaders, "8");
    is_here("", "9");
    is_here("/proc/thread-self/cwd/", "10");
    is_here(threads, "11");
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    outside = argv[2];
    denied = getenv("GUEST_WRITE_ERRNO") == NULL;
    here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(here >= 0);
    umask(022);
    start_apart(argv[1], CLONE_FS, work);
    turn_of_thread();
    CHECK(mkdir("public", 0777) == 0 && mode_of("public") == 0755 && chdir(outside) == 0);
    turn_of_thread();
    return 0;
}
