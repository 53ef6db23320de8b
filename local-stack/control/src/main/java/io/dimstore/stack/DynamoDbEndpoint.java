package io.dimstore.stack;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where DynamoDB Local is reached. It takes any region and any credentials and keeps one database
 * for all of them.
 *
 * @param port the server's HTTP port
 */
public record DynamoDbEndpoint(int port) implements Endpoint {

  @Override
  public Server server() {
    return Server.DYNAMODB;
  }

  /** The endpoint to override the client's own with. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A region, which the client wants to have and the server ignores. */
  public String region() {
    return "us-east-1";
  }

  /** A made-up access key, with which a request can be signed. */
  public String accessKeyId() {
    return "local";
  }

  /** A made-up secret key, with which a request can be signed. */
  public String secretAccessKey() {
    return "local";
  }

  @Override
  public String address() {
    return uri().toString();
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", address());
    variables.put("AWS_REGION", region());
    variables.put("AWS_ACCESS_KEY_ID", accessKeyId());
    variables.put("AWS_SECRET_ACCESS_KEY", secretAccessKey());
    return variables;
  }
}
