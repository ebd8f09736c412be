/* flips_path INSIDE OUTSIDE ATTEMPTS: one thread opens a path for writing while another changes what the path says, from a file that may be written to
 * one that may not. A call that goes on after its path was judged reads it again, so some of the opens reach the file outside. Prints how many did. */
#include "guest.h"
#include <stdatomic.h>

static char path[PATH_MAX];
static const char *names[2];
static atomic_int over;

static void *flip(void *unused)
{
    /* The names are of one length and differ in their last letters: each byte that is written makes one of the two. */
    size_t length = strlen(names[0]);
    for (unsigned i = 0; !atomic_load_explicit(&over, memory_order_relaxed); i++)
        memcpy(path, names[i & 1], length);
    return unused;
}

int main(int argc, char **argv)
{
    CHECK(argc == 4 && strlen(argv[1]) == strlen(argv[2]) && strlen(argv[1]) < sizeof path);
    names[0] = argv[1];
    names[1] = argv[2];
    strcpy(path, names[0]);
    struct stat outside;
    CHECK(stat(names[1], &outside) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, flip, NULL) == 0);
    int won = 0;
    for (int i = atoi(argv[3]); i > 0; i--) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        struct stat got;
        CHECK(fstat(fd, &got) == 0);
        won += got.st_ino == outside.st_ino && got.st_dev == outside.st_dev;
        close(fd);
    }
    atomic_store(&over, 1);
    CHECK(pthread_join(thread, NULL) == 0);
    printf("%d\n", won);
    return 0;
}
