global using Catbox.Runtime.LinuxTests.Support;
global using Xunit;
