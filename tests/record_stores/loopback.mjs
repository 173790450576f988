// Learning Locker listens on every interface; a test must not.
import net from "node:net";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
    return listen.call(
        this,
        Number(port),
        "127.0.0.1",
        ...rest.filter((a) => typeof a === "function")
    );
};
