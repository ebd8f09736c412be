/* thread_has_own_table HOW FILE: a thread has a descriptor table of its own (own_table.h). /proc/self, /proc/PID and /dev/fd show the leader's, whoever looks; /proc/thread-self,
 * /proc/TID and the directory of a task show the thread's; a number is one of the thread's. FILE may be read and not written: the one has it open for reading and the other a memfd
 * under the same number, and then the other way about. */
#include "own_table.h"

static int memory, file;
static const char *path;
static char leaders[6][64], threads[3][64];

static int same(int fd, int other)
{
    struct stat a, b;
    CHECK(fstat(fd, &a) == 0 && fstat(other, &b) == 0);
    return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/* Each way to open it for writing gives the memfd. */
static void is_memory(const char *name)
{
    static const int flags[] = { O_WRONLY, O_RDWR | O_TRUNC, O_WRONLY | O_CREAT | O_TRUNC, O_RDWR | O_NOCTTY | O_APPEND };
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
        int fd = open(name, flags[i], 0600);
        CHECK(fd >= 0);
        CHECK(same(fd, memory));
        close(fd);
    }
}

static void changes_memory(const char *name)
{
    struct stat now;
    CHECK(truncate(name, 7) == 0 && chmod(name, 0640) == 0);
    CHECK(fstat(memory, &now) == 0 && now.st_size == 7 && (now.st_mode & 0777) == 0640);
    CHECK(truncate(name, 0) == 0 && chmod(name, 0600) == 0);
}

static void changes_nothing(int result)
{
    if (strncmp(path, "/proc/", 6) != 0 && !getenv("GUEST_WRITE_ERRNO"))
        CHECK(result == -1 && errno == EACCES);
}

static void refused_file(const char *name)
{
    refused(name);
    changes_nothing(chmod(name, 0666));
    changes_nothing(utimensat(AT_FDCWD, name, NULL, 0));
}

static void work(void)
{
    int pid = getpid();
    const char *spellings[] = { "/proc/self/fd/10", "/dev/fd/10", "/proc/%d/fd/10", "/proc/%d/task/%d/fd/10", "/proc/self/task/%d/fd/10", "link" };
    for (int i = 0; i < 6; i++)
        snprintf(leaders[i], sizeof *leaders, spellings[i], pid, pid);
    strcpy(threads[0], "/proc/thread-self/fd/10");
    snprintf(threads[1], sizeof *threads, "/proc/%d/fd/10", tid());
    snprintf(threads[2], sizeof *threads, "/proc/self/task/%d/fd/10", tid());

    CHECK(dup2(file, 10) == 10);
    for (int i = 0; i < 6; i++) {
        is_memory(leaders[i]);
        changes_memory(leaders[i]);
    }
    int table = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    CHECK(table >= 0);
    int fd = openat(table, "10", O_RDWR | O_TRUNC);
    CHECK(fd >= 0 && same(fd, memory));
    for (int i = 0; i < 3; i++)
        refused_file(threads[i]);
    changes_nothing(fchmod(10, 0666));
    changes_nothing(futimens(10, NULL));
    changes_nothing(fchownat(10, "", (uid_t)-1, (gid_t)-1, AT_EMPTY_PATH));

    /* The other way about. */
    turn_of_leader();
    CHECK(dup2(memory, 10) == 10);
    for (int i = 0; i < 6; i++)
        refused_file(leaders[i]);
    changes_nothing(truncate("/proc/self/fd/10", 0));
    for (int i = 0; i < 3; i++) {
        is_memory(threads[i]);
        changes_memory(threads[i]);
    }
    struct stat now;
    CHECK(ftruncate(10, 5) == 0 && fchmod(10, 0600) == 0 && fstat(memory, &now) == 0 && now.st_size == 5);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = argv[2];
    memory = memfd_create("memory", 0);
    file = open(path, O_RDONLY);
    CHECK(memory >= 0 && file >= 0 && symlink("/proc/self/fd/10", "link") == 0);
    start_apart(argv[1], CLONE_FILES, work);
    CHECK(dup2(memory, 10) == 10);
    turn_of_thread();
    CHECK(dup2(file, 10) == 10);
    turn_of_thread();
    return 0;
}
