/* swaps_descriptor WHO TRIES OUTSIDE: descriptor 9 is a pipe, and somebody puts a file that may only be read in its place, to and fro. The main thread opens the link of that descriptor for
 * writing, truncating. Judged as the pipe and then opened, it may be the file. WHO exchanges, and what is opened:
 *   thread  a thread of the process that opens /proc/self/fd/9 (dup3),
 *   leader  the leader, and a thread with a table of its own opens /proc/self/fd/9,
 *   child   a child process, whose /proc/CHILD/fd/9 is opened,
 *   link    a child process, a symbolic link that leads to /proc/self/fd/9 or to the file (rename).
 * Each child makes some tries, since one that gets the file may be killed for it; prints how often the file came out and the child lived. */
#include "guest.h"
#include <sys/prctl.h>

static int pipes[2], file;
static volatile int *done;
static const char *outside;
static char name[64] = "/proc/self/fd/9";
static struct stat unwanted;
static int hits;

static int tries(void *unused)
{
    (void)unused;
    for (int i = 0; i < 500; i++) {
        struct stat got;
        int fd = (int)syscall(SYS_open, name, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            hits += fstat(fd, &got) == 0 && got.st_ino == unwanted.st_ino && got.st_dev == unwanted.st_dev;
            close(fd);
        }
    }
    *done = 1;
    return 0;
}

static int tries_and_ends(void *unused)
{
    tries(unused);
    syscall(SYS_exit, 0);
    return 0;
}

static void *swap(void *unused)
{
    while (!*done) {
        syscall(SYS_dup3, file, 9, O_CLOEXEC);
        syscall(SYS_dup3, pipes[1], 9, O_CLOEXEC);
    }
    return unused;
}

static void swap_links(void)
{
    while (!*done) {
        CHECK(symlink(outside, "other") == 0 && rename("other", "link") == 0);
        CHECK(symlink("/proc/self/fd/9", "other") == 0 && rename("other", "link") == 0);
    }
}

static int one_child(const char *who)
{
    *done = 0;
    if (strcmp(who, "thread") == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, swap, NULL) == 0);
        tries(NULL);
        CHECK(pthread_join(thread, NULL) == 0);
    } else if (strcmp(who, "leader") == 0) {
        CHECK(clone(tries_and_ends, stack_top(), CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL) > 0);
        swap(NULL);
    } else {
        pid_t parent = getpid(), other = fork();
        if (other == 0) {
            CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent);
            if (strcmp(who, "link") == 0)
                swap_links();
            else
                swap(NULL);
            _exit(0);
        }
        snprintf(name, sizeof name, strcmp(who, "link") == 0 ? "link" : "/proc/%d/fd/9", other);
        tries(NULL);
        exits_with(other, 0);
    }
    return hits > 0;
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    long count = atol(argv[2]), won = 0;
    outside = argv[3];
    done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(done != MAP_FAILED && stat(outside, &unwanted) == 0 && pipe(pipes) == 0);
    file = open(outside, O_RDONLY | O_CLOEXEC);
    CHECK(file >= 0 && dup3(pipes[1], 9, O_CLOEXEC) == 9);
    for (long made = 0; made < count; made += 500) {
        unlink("link");
        unlink("other");
        CHECK(symlink("/proc/self/fd/9", "link") == 0);
        pid_t child = fork();
        if (child == 0)
            _exit(one_child(argv[1]));
        int status = status_of(child);
        *done = 1;
        CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) <= 1);
        won += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }
    printf("%ld\n", won);
    return 0;
}
