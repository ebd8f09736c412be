using System.Text;
using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.LinuxTests.Far;

public sealed class FarMountsTests
{
    private const string Machine = """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw
        22 21 0:20 / /proc rw shared:5 - proc proc rw
        23 22 0:33 / /proc/sys/fs/binfmt_misc rw shared:9 - autofs systemd-1 rw,fd=30
        24 21 0:41 / /home/some\040body rw shared:2 master:3 - nfs4 server:/home rw
        25 21 0:42 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
        26 21 0:43 / /mnt/disk rw - fuseblk /dev/sdb1 rw
        27 21 0:44 / /mnt/disk/local rw - tmpfs tmpfs rw
        """;

    [Theory]
    [InlineData("/home/some body", true)]
    [InlineData("/home/some body/x/y", true)]
    [InlineData("/home/some body2", false)]
    [InlineData("/home/some", false)]
    [InlineData("/home", false)]
    [InlineData("/", false)]
    [InlineData("/run/user/1000/gvfs/x", true)]
    [InlineData("/mnt/disk/local/x", true)]
    [InlineData("/tmp/x", false)]
    [InlineData("/proc/sys/fs/binfmt_misc/register", false)]
    public void A_path_at_or_below_such_a_mount_is_held(string path, bool isHeld) => Assert.Equal(isHeld, Learned(Machine).Hold(Encoding.UTF8.GetBytes(path)));

    [Theory]
    [InlineData("/home", "some body", true)]
    [InlineData("/home", "some", false)]
    [InlineData("/", "home", false)]
    [InlineData("/home/some body", "x", true)]
    [InlineData("/mnt", "disk", true)]
    [InlineData("/mnt/disk", "local", true)]
    public void An_entry_that_is_such_a_mount_or_lies_in_one_is_held(string directory, string name, bool isHeld) =>
        Assert.Equal(isHeld, Learned(Machine).Hold(Encoding.UTF8.GetBytes(directory), Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Where_the_root_is_one_everything_is_held()
    {
        var mounts = Learned("21 1 0:20 / / rw - virtiofs root rw\n22 21 0:21 / /tmp rw - tmpfs tmpfs rw\n");
        Assert.True(mounts.Hold("/"u8));
        Assert.True(mounts.Hold("/tmp/x"u8));
        Assert.True(mounts.Hold("/"u8, "x"u8));
    }

    [Fact]
    public void An_entry_of_the_root_can_be_one() => Assert.True(Learned("30 21 0:20 / /nfs rw - nfs4 a:/ rw\n").Hold("/"u8, "nfs"u8));

    [Fact]
    public void What_lies_on_a_procfs_is_told_by_its_path()
    {
        var mounts = Learned(Machine);
        Assert.True(mounts.HoldProcFs("/proc/1/mem"u8));
        Assert.False(mounts.HoldProcFs("/home/some body/mem"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x\n")]
    [InlineData("1 2 3 4\n - \n")]
    [InlineData("24 21 0:41 / relative rw - nfs4 a:/ rw\n")]
    public void What_cannot_be_read_is_left_out(string mountinfo) => Assert.False(Learned(mountinfo).Any);

    private static FarMounts Learned(string mountinfo)
    {
        var mounts = new FarMounts();
        mounts.Learn(Mountinfo.Parse(Encoding.UTF8.GetBytes(mountinfo)));
        return mounts;
    }
}
