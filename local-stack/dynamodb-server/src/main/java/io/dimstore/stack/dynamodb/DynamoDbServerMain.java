package io.dimstore.stack.dynamodb;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Server;

/**
 * Runs DynamoDB Local in memory, one database for all credentials and regions, bound to loopback.
 *
 * <p>Its handler is put into a Jetty of our own because the stock runner listens on every interface
 * and reports its use to its maker. Arguments: a folder, and the port. The file {@code ready}
 * appears in the folder once requests are answered. The process ends by being killed.
 */
public final class DynamoDbServerMain {

  // Held here: a logger that nothing refers to may be collected together with its level.
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private DynamoDbServerMain() {}

  /** Starts the server and leaves its threads running; exits with 1 where it cannot start. */
  public static void main(String[] args) {
    try {
      run(Path.of(args[0]), Integer.parseInt(args[1]));
    } catch (Exception e) {
      System.err.println("DynamoDB Local did not start: " + e);
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(Path folder, int port) throws Exception {
    SQLITE.setLevel(Level.WARNING);
    boolean inMemory = true;
    boolean sharedDb = true;
    boolean delayTransientStatuses = false;
    LocalDynamoDBRequestHandler database =
        new LocalDynamoDBRequestHandler(0, inMemory, null, sharedDb, delayTransientStatuses);
    Server server = new Server(new InetSocketAddress("127.0.0.1", port));
    server.setHandler(new LocalDynamoDBServerHandler(database, null));
    server.start();
    listTables(port);
    Files.createFile(folder.resolve("ready"));
    server.join();
  }

  /** The first request loads half of the server, which takes longer than clients like to wait. */
  private static void listTables(int port) throws IOException {
    URL url = new URL("http", "127.0.0.1", port, "/");
    HttpURLConnection request = (HttpURLConnection) url.openConnection();
    request.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
    request.setRequestProperty("X-Amz-Target", "DynamoDB_20120810.ListTables");
    request.setRequestProperty(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
            + " SignedHeaders=host, Signature=0");
    request.setDoOutput(true);
    request.getOutputStream().write('{');
    request.getOutputStream().write('}');
    if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException("the first request was answered with " + request.getResponseCode());
    }
    request.disconnect();
  }
}
