/* own_table_connects: a thread with a descriptor table and a working directory of its own connects to a unix socket whose canonical path has no room in an address. By a link of its own that
 * nobody else can change, which works everywhere; and by the same number of its leader's, who can exchange it meanwhile. Says the errno of the second. */
#include "own_table.h"
#include <sys/socket.h>
#include <sys/un.h>

static int result;

static int connects(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path, name);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(s >= 0);
    int error = connect(s, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
    close(s);
    return error;
}

static int begins(void *unused)
{
    (void)unused;
    CHECK(connects("/proc/thread-self/fd/10/s") == 0);
    result = connects("/proc/self/fd/10/s");
    send_byte(to_leader[1]);
    syscall(SYS_exit, 0);
    return 0;
}

int main(void)
{
    char name[201];
    memset(name, 'd', 200);
    name[200] = 0;
    CHECK(mkdir(name, 0700) == 0 && chdir(name) == 0 && pipe(to_leader) == 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "s" };
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(server >= 0 && bind(server, (struct sockaddr *)&address, sizeof address) == 0 && listen(server, 8) == 0);
    int directory = open(".", O_RDONLY | O_DIRECTORY);
    CHECK(directory >= 0 && dup2(directory, 10) == 10);
    CHECK(clone(begins, stack_top(), CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL) > 0);
    CHECK(wait_byte(to_leader[0]));
    printf("%d\n", result);
    return 0;
}
